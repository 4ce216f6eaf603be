import type { PullRequestEvent, PushEvent } from './event.js';

const SWEEP = 'sweep/';
const AGAIN = '-again-';

type Pushed = Pick<PushEvent, 'kind' | 'repository' | 'branch' | 'commit'>;
type Pulled = Pick<PullRequestEvent, 'kind' | 'repository' | 'commit'> & {
  readonly pullRequest: Pick<PullRequestEvent['pullRequest'], 'number'>;
};

/**
 * What the inbox knows a delivery by that was made because nobody had told of a change: the same state has the same key,
 * whoever asks, so that it is made once, and its own delivery can be told when it comes late.
 */
export function synthesisedKey(event: Pushed | Pulled): string {
  const head = event.kind === 'push' ? event.branch : `pull:${event.pullRequest.number}`;
  return `${SWEEP}${event.repository.fullName}/${head}@${event.commit.sha}`;
}

/** The key of a state that had a delivery made before, and is back. `lookedAt`: when it was another (Unix ms). */
export function sweepAgainKey(key: string, lookedAt: number): string {
  return `${key}${AGAIN}${lookedAt}`;
}

/** Whether a delivery was made for a state, the first time or again. `key` is the state's {@link synthesisedKey}. */
export function isSynthesisedFor(delivery: { readonly key: string }, key: string): boolean {
  return delivery.key === key || delivery.key.startsWith(`${key}${AGAIN}`);
}

/** Whether a delivery is of our own making. */
export function isMade(delivery: { readonly key: string }): boolean {
  return delivery.key.startsWith(SWEEP);
}
