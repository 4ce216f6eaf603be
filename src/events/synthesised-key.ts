import type { PullRequestEvent, PushEvent, ReleaseEvent, TagEvent } from './event.js';

const SWEEP = 'sweep/';
const AGAIN = '-again-';

type Pushed = Pick<PushEvent, 'kind' | 'repository' | 'branch' | 'commit'>;
type Pulled = Pick<PullRequestEvent, 'kind' | 'repository' | 'commit'> & {
  readonly pullRequest: Pick<PullRequestEvent['pullRequest'], 'number'>;
};

type Tagged = Pick<TagEvent, 'kind' | 'repository' | 'tag' | 'commit'>;
type Released = Pick<ReleaseEvent, 'kind' | 'repository' | 'tag'>;

/**
 * Returns the key of a synthesised delivery, which reconciling makes of a change that no delivery reported. The same
 * state has the same key, so that it is made once, and so that a late delivery of the same change can be recognised.
 */
export function synthesisedKey(event: Pushed | Pulled | Tagged | Released): string {
  return `${SWEEP}${event.repository.fullName}/${stateOf(event)}`;
}

/** No branch is called like the others: git allows no colon in its name. */
function stateOf(event: Pushed | Pulled | Tagged | Released): string {
  switch (event.kind) {
    case 'push':
      return `${event.branch}@${event.commit.sha}`;
    case 'pull_request':
      return `pull:${event.pullRequest.number}@${event.commit.sha}`;
    case 'tag':
      return `tag:${event.tag}@${event.commit.sha}`;
    case 'release':
      return `release:${event.tag}`;
    default:
      return event satisfies never;
  }
}

/** Returns the key for a state that had a synthesised delivery before, and is back. `lookedAt`: when it differed (Unix ms). */
export function sweepAgainKey(key: string, lookedAt: number): string {
  return `${key}${AGAIN}${lookedAt}`;
}

/** Returns whether a delivery was synthesised for a state, the first time or again. `key`: its {@link synthesisedKey}. */
export function isSynthesisedFor(delivery: { readonly key: string }, key: string): boolean {
  return delivery.key === key || delivery.key.startsWith(`${key}${AGAIN}`);
}

/** Returns whether a delivery was synthesised. */
export function isSynthesised(delivery: { readonly key: string }): boolean {
  return delivery.key.startsWith(SWEEP);
}

/**
 * Returns the key of a delivery that a sender gave it, so that it can't be taken for a synthesised one, or for one that somebody
 * edited: such a key gets a `%` in front. All others stay as they are.
 */
export function senderKey(key: string): string {
  return /^%*(?:sweep|edited)\//.test(key) ? `%${key}` : key;
}
