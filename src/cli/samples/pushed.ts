import type { ProviderKind } from '../../providers/source.js';
import { azurePush } from './azure-devops.js';
import { bitbucketCloudPush } from './bitbucket-cloud.js';
import { bitbucketDataCenterPush } from './bitbucket-data-center.js';
import { giteaPush } from './gitea.js';
import { pushPayload } from './github.js';
import { gitlabPush } from './gitlab.js';
import type { Pushed, Sample } from './sample.js';

/** Returns a push, of a branch or a tag, as a kind of source tells of it. Undefined for services that have no repositories. */
export function pushAs(kind: ProviderKind, push: Pushed): Sample | undefined {
  switch (kind) {
    case 'github':
      return { event: 'push', body: pushPayload(push) };
    case 'gitea':
    case 'forgejo':
    case 'gogs':
      return giteaPush(push);
    case 'gitlab':
      return gitlabPush(push);
    case 'bitbucket-cloud':
      return bitbucketCloudPush(push);
    case 'bitbucket-data-center':
      return bitbucketDataCenterPush(push);
    case 'azure-devops':
      return azurePush(push);
    case 'standard-webhooks':
    case 'stripe':
    case 'slack':
    case 'shopify':
    case 'hmac':
    case 'basic':
    case 'token':
      return undefined;
    default:
      return kind satisfies never;
  }
}
