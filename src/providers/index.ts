import { z } from 'zod';
import { azureDevops } from './azure-devops/index.js';
import { bitbucketCloud } from './bitbucket-cloud/index.js';
import { bitbucketDataCenter } from './bitbucket-data-center/index.js';
import { forgejo, gitea, gogs } from './gitea/index.js';
import { github } from './github/index.js';
import { gitlab } from './gitlab/index.js';
import type { Provider } from './provider.js';
import { basic } from './services/basic.js';
import { hmac } from './services/hmac.js';
import { shopify } from './services/shopify.js';
import { slack } from './services/slack.js';
import { standardWebhooks } from './services/standard-webhooks.js';
import { stripe } from './services/stripe.js';
import { token } from './services/token.js';

/** Returns the table as it is, and has the compiler check that each entry is of the kind that it stands under. */
function table<T extends { readonly [K in keyof T]: Entry<K> }>(entries: T): T {
  return entries;
}

type Entry<K> = Pick<Provider<never>, 'facts' | 'webhook' | 'sign'> & {
  readonly settings: z.ZodObject<{ kind: z.ZodLiteral<K & string> }>;
};

/**
 * The one table of what deliveries can come from, by the `kind` of a source. Whatever depends on the product is asked of
 * its entry: adding a provider is a folder and its line in here.
 */
export const PROVIDERS = table({
  github,
  gitlab,
  gitea,
  forgejo,
  gogs,
  'bitbucket-cloud': bitbucketCloud,
  'bitbucket-data-center': bitbucketDataCenter,
  'azure-devops': azureDevops,
  'standard-webhooks': standardWebhooks,
  stripe,
  slack,
  shopify,
  hmac,
  basic,
  token,
});

type Table = typeof PROVIDERS;
type Settings = Table[keyof Table]['settings'];

const [first, ...others] = Object.values(PROVIDERS).map(({ settings }) => settings) as [Settings, ...Settings[]];

/** What `sources.<name>` of the configuration may hold: by its `kind`, the settings of a provider. */
export const sourceSchema = z.discriminatedUnion('kind', [first, ...others]);
