import { createHmac } from 'node:crypto';
import { anySecret, isSame } from '../../providers/constant-time.js';
import { pathPart } from '../../runs/run-path.js';
import type { Secret } from '../../secrets/secret.js';
import { derivedKey } from '../derived-key.js';

/** What programs read that can't sign in by a form: a badge, a feed, or the projects of a build monitor. */
export interface FeedScope {
  readonly kind: 'badge' | 'feed' | 'monitor';
  /** Absent: all automations. */
  readonly automation?: string | undefined;
  /** `owner/name`; absent: all. */
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
}

/** Makes and checks keys, each of which opens one address for reading and nothing else. */
export interface FeedKeys {
  /** Returns the path of an address, with its key. */
  address(scope: FeedScope): string;
  opens(scope: FeedScope, key: string): boolean;
}

/** Creates keys that are made from the API token: rotating the token ends them. */
export function createFeedKeys(apiToken: Secret): FeedKeys {
  const secret = derivedKey(apiToken, 'hookyard feed address');
  return {
    address(scope) {
      const { repository, branch } = scope;
      const filter = { automation: scope.kind === 'monitor' ? scope.automation : undefined, repository, branch };
      const query = Object.entries({ ...filter, key: keyOf(secret.reveal(), scope) });
      const given = query.filter((pair): pair is [string, string] => pair[1] !== undefined);
      return `${feedPath(scope)}?${new URLSearchParams(given)}`;
    },
    opens: (scope, key) => anySecret([secret], (one) => isSame(key, keyOf(one, scope))),
  };
}

/** Returns the path of a badge, a feed or the projects, without their query. */
export function feedPath({ kind, automation = '' }: FeedScope): string {
  switch (kind) {
    case 'badge':
      return `/badges/${pathPart(automation)}.svg`;
    case 'feed':
      return `/automations/${pathPart(automation)}/feed.atom`;
    case 'monitor':
      return '/cc.xml';
    default:
      return kind satisfies never;
  }
}

function keyOf(secret: string, { kind, automation, repository, branch }: FeedScope): string {
  const named = [kind, automation, repository, branch].map((one) => one ?? null);
  return createHmac('sha256', secret).update(JSON.stringify(named)).digest('base64url');
}
