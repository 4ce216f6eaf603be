import { commitOf, pullRequestOf } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import { type Concurrency, type LaneClaim, MAX_LIMIT } from './concurrency.js';
import type { Debounce } from './held.js';

/** What has to be found out before a run may begin. */
interface Asks {
  readonly permission?: unknown;
  readonly origin?: unknown;
  readonly paths?: unknown;
  readonly approval?: unknown;
  readonly skipMarker?: unknown;
}

/** Returns an automation's lanes: those that it declares, or that in which its events wait for more, and for nothing else. */
export function lanesOf({
  concurrency,
  debounce,
}: {
  readonly concurrency?: readonly Concurrency[];
  readonly debounce?: Debounce;
}): readonly Concurrency[] | undefined {
  return concurrency ?? (debounce && [{ group: debounce.group ?? 'branch', limit: MAX_LIMIT }]);
}

/**
 * Returns a claim that is held back until no more events of its lane and kind come. As it is where it has to be found out first
 * whether the run may begin at all, and not only for this pull request: nothing takes the place of what may begin before that.
 */
export function heldBack(
  claim: LaneClaim,
  { debounce, event, asks }: { readonly debounce: Debounce; readonly event: HookyardEvent; readonly asks: Asks },
): LaneClaim {
  const { permission, origin, paths, approval, skipMarker } = asks;
  const isOfPullRequest = pullRequestOf(event) !== undefined && ['pull-request', 'branch'].includes(claim.group);
  if (permission || origin || ((paths || approval || skipMarker) && !isOfPullRequest)) return claim;
  const { deliveryId, receivedAt } = event;
  const sha = commitOf(event)?.sha;
  const { waitMs, atMostMs } = debounce;
  return { ...claim, held: { waitMs, atMostMs, event: { deliveryId, receivedAt, ...(sha !== undefined && { sha }) } } };
}
