import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { gitSettings, httpUrl, tokenApi } from '../settings.js';

export const settings = z.strictObject({
  kind: z.literal('azure-devops'),
  ...gitSettings(httpUrl.describe('with the organisation: https://dev.azure.com/<organisation>')),
  username: z
    .string()
    .default('hookyard')
    .describe("of the service hook's basic authentication; the secrets are its passwords"),
  api: tokenApi.optional(),
});

export type AzureDevopsSource = Resolved<z.output<typeof settings>>;
