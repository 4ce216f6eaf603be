import type { GitProvider } from '../provider.js';
import { facts } from './facts.js';
import { type BitbucketDataCenterSource, settings } from './settings.js';
import { bitbucketDataCenter as webhook } from './webhook/index.js';
import { sign } from './webhook/sign.js';

/** Bitbucket Data Center, and Bitbucket Server, its predecessor. */
export const bitbucketDataCenter = {
  facts,
  settings,
  webhook,
  sign,
  api: async (options) => (await import('./api/index.js')).createBitbucketDataCenterApi(options),
} satisfies GitProvider<BitbucketDataCenterSource>;
