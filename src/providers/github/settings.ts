import { z } from 'zod';
import { secretReference } from '../../secrets/reference.js';
import type { Resolved } from '../../secrets/resolved.js';
import { account, apiUrl, gitSettings, httpUrl } from '../settings.js';

export const settings = z.strictObject({
  kind: z.literal('github'),
  ...gitSettings(httpUrl.default('https://github.com')),
  api: z
    .strictObject({
      url: apiUrl,
      token: secretReference.optional().describe('personal access or installation token'),
      app: z.strictObject({ id: z.union([z.string(), z.number()]), privateKey: secretReference }).optional(),
      account,
    })
    .refine((api) => !(api.token && api.app), 'give either a token or an app, not both')
    .optional(),
});

export type GithubSource = Resolved<z.output<typeof settings>>;
