import { z } from 'zod';
import { secretOf } from '../../secrets/reference.js';
import type { Resolved } from '../../secrets/resolved.js';
import { apiToken } from '../../secrets/secret-kinds.js';
import { azureUrl, gitSettings, httpUrl, tokenApi } from '../settings.js';

const entra = z.strictObject({
  tenant: z
    .string()
    .regex(/^\w[\w.-]{0,255}$/, 'must be the id of a directory, or one of its domains')
    .describe('id of the directory (tenant), or one of its domains'),
  clientId: z.string().min(1).max(200).describe('id of the application (client)'),
  clientSecret: secretOf(apiToken),
  authority: httpUrl.default('https://login.microsoftonline.com').describe('where the login is asked for tokens'),
});

/** What `sources.<name>` of the kind `azure-devops` may hold. */
export const settings = z.strictObject({
  kind: z.literal('azure-devops'),
  ...gitSettings(azureUrl.describe('with the organisation: https://dev.azure.com/<organisation>')),
  username: z
    .string()
    .default('hookyard')
    .describe("of the service hook's basic authentication; the secrets are its passwords"),
  api: tokenApi
    .extend({
      token: secretOf(apiToken)
        .optional()
        .describe('personal access token of one organisation, or a token that Entra has issued'),
      entra: entra.optional().describe('an application in Microsoft Entra, whose tokens are fetched and renewed'),
    })
    .refine((api) => !(api.token && api.entra), 'give either a token or entra, not both')
    .optional(),
});

/** A configured source of the kind `azure-devops`. */
export type AzureDevopsSource = Resolved<z.output<typeof settings>>;
