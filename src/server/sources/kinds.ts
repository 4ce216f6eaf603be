import type { Source, SourceOf } from '../../config/config.js';
import { azureDevops } from './azure-devops/index.js';
import { basic } from './basic.js';
import { bitbucketCloud } from './bitbucket-cloud/index.js';
import { bitbucketDataCenter } from './bitbucket-data-center/index.js';
import { forgejo, gitea, gogs } from './gitea/index.js';
import { github } from './github/index.js';
import { gitlab } from './gitlab/index.js';
import { hmac } from './hmac.js';
import { shopify } from './shopify.js';
import { slack } from './slack.js';
import type { SourceKind } from './source-kind.js';
import { standardWebhooks } from './standard-webhooks.js';
import { stripe } from './stripe.js';
import { token } from './token.js';

/** The kinds of sources that can be received from. */
const kinds: { readonly [K in Source['kind']]: (source: SourceOf<K>) => SourceKind } = {
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
export function sourceKind(source: Source): SourceKind {
  return (kinds[source.kind] as (source: Source) => SourceKind)(source);
}
