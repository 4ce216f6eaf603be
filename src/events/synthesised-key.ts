import type { PullRequestEvent, PushEvent } from './event.js';

const SWEEP = 'sweep/';
const AGAIN = '-again-';

type Pushed = Pick<PushEvent, 'kind' | 'repository' | 'branch' | 'commit'>;
type Pulled = Pick<PullRequestEvent, 'kind' | 'repository' | 'commit'> & {
  readonly pullRequest: Pick<PullRequestEvent['pullRequest'], 'number'>;
};

/**
 * Returns the key of a synthesised delivery, which reconciling makes of a change that no delivery reported. The same
 * state has the same key, so that it is made once, and so that a late delivery of the same change can be recognised.
 */
export function synthesisedKey(event: Pushed | Pulled): string {
  const head = event.kind === 'push' ? event.branch : `pull:${event.pullRequest.number}`;
  return `${SWEEP}${event.repository.fullName}/${head}@${event.commit.sha}`;
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
 * Returns the key of a delivery that a sender gave it, so that it can't be taken for a synthesised one: such a key gets a
 * `%` in front. All others stay as they are.
 */
export function senderKey(key: string): string {
  return /^%*sweep\//.test(key) ? `%${key}` : key;
}
