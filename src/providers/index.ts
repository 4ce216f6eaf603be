import type { Source, SourceOf } from '../config/config.js';
import { azureDevops } from './azure-devops/webhook/index.js';
import { bitbucketCloud } from './bitbucket-cloud/webhook/index.js';
import { bitbucketDataCenter } from './bitbucket-data-center/webhook/index.js';
import { forgejo, gitea, gogs } from './gitea/webhook/index.js';
import { github } from './github/webhook/index.js';
import { gitlab } from './gitlab/webhook/index.js';
import { basic } from './services/basic.js';
import { hmac } from './services/hmac.js';
import { shopify } from './services/shopify.js';
import { slack } from './services/slack.js';
import { standardWebhooks } from './services/standard-webhooks.js';
import { stripe } from './services/stripe.js';
import { token } from './services/token.js';
import type { WebhookScheme } from './webhook-scheme.js';

/** The kinds of sources that can be received from. */
const kinds: { readonly [K in Source['kind']]: (source: SourceOf<K>) => WebhookScheme } = {
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
};

/** How a configured source is spoken with. */
export function sourceKind(source: Source): WebhookScheme {
  return (kinds[source.kind] as (source: Source) => WebhookScheme)(source);
}
