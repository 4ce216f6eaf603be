import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { gitSettings, httpUrl, tokenApi } from '../settings.js';

/** What `sources.<name>` of the kind `bitbucket-cloud` may hold. */
export const settings = z.strictObject({
  kind: z.literal('bitbucket-cloud'),
  ...gitSettings(httpUrl.default('https://bitbucket.org')),
  api: tokenApi
    .extend({
      username: z
        .string()
        .min(1)
        .optional()
        .describe('with an API token of a person: their e-mail address; without it the token is an access token'),
    })
    .optional(),
});

/** A configured source of the kind `bitbucket-cloud`. */
export type BitbucketCloudSource = Resolved<z.output<typeof settings>>;
