import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { gitlabSecret } from '../../secrets/standard-secret.js';
import { gitSettings, httpUrl, repeatSettings, tokenApi } from '../settings.js';

/** What `sources.<name>` of the kind `gitlab` may hold. */
export const settings = z.strictObject({
  kind: z.literal('gitlab'),
  ...gitSettings(httpUrl.default('https://gitlab.com'), gitlabSecret),
  ...repeatSettings,
  api: tokenApi.optional(),
  acceptSecretToken: z
    .boolean()
    .default(false)
    .describe('while moving to signing tokens (whsec_…): also take requests with only the plain secret token'),
});

/** A configured source of the kind `gitlab`. */
export type GitlabSource = Resolved<z.output<typeof settings>>;
