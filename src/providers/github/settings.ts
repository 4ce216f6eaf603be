import { z } from 'zod';
import { readPrivateKey } from '../../secrets/private-key.js';
import { secretOf } from '../../secrets/reference.js';
import type { Resolved } from '../../secrets/resolved.js';
import { apiToken } from '../../secrets/secret-kinds.js';
import { ruleOf, usable } from '../../secrets/secret-rule.js';
import { account, apiUrl, gitSettings, httpUrl } from '../settings.js';
import { NO_PRIVATE_KEY } from './private-key.js';

/** Of an app. */
const privateKey = ruleOf((text) => {
  const key = readPrivateKey(text);
  return key === undefined ? { problem: NO_PRIVATE_KEY } : usable(key);
});

/** What `sources.<name>` of the kind `github` may hold. */
export const settings = z.strictObject({
  kind: z.literal('github'),
  ...gitSettings(httpUrl.default('https://github.com')),
  api: z
    .strictObject({
      url: apiUrl,
      token: secretOf(apiToken).optional().describe('personal access or installation token'),
      app: z.strictObject({ id: z.union([z.string(), z.number()]), privateKey: secretOf(privateKey) }).optional(),
      account,
    })
    .refine((api) => !(api.token && api.app), 'give either a token or an app, not both')
    .optional(),
});

/** A configured source of the kind `github`. */
export type GithubSource = Resolved<z.output<typeof settings>>;
