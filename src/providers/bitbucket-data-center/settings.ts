import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { gitSettings, httpUrl, tokenApi } from '../settings.js';

/** What `sources.<name>` of the kind `bitbucket-data-center` may hold. */
export const settings = z.strictObject({
  kind: z.literal('bitbucket-data-center'),
  ...gitSettings(httpUrl),
  api: tokenApi.optional(),
});

/** A configured source of the kind `bitbucket-data-center`. */
export type BitbucketDataCenterSource = Resolved<z.output<typeof settings>>;
