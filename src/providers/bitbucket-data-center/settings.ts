import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { gitSettings, httpUrl, tokenApi } from '../settings.js';

export const settings = z.strictObject({
  kind: z.literal('bitbucket-data-center'),
  ...gitSettings(httpUrl),
  api: tokenApi.optional(),
});

export type BitbucketDataCenterSource = Resolved<z.output<typeof settings>>;
