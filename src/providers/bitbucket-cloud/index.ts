import type { GitProvider } from '../provider.js';
import { credentialRemarks, gitUser } from './credentials.js';
import { facts } from './facts.js';
import { type BitbucketCloudSource, settings } from './settings.js';
import { bitbucketCloud as webhook } from './webhook/index.js';
import { sign } from './webhook/sign.js';

/** Bitbucket Cloud. */
export const bitbucketCloud = {
  facts,
  settings,
  webhook,
  sign,
  gitUser,
  credentialRemarks,
  api: async (options) => (await import('./api/index.js')).createBitbucketCloudApi(options),
} satisfies GitProvider<BitbucketCloudSource>;
