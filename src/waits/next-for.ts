import type { HookyardEvent } from '../events/event.js';
import type { Preconditions } from '../runs/options.js';
import { authorToFind } from '../triggers/author-to-find.js';
import { match } from '../triggers/match.js';
import { markerToFind, preconditionsOf } from '../triggers/preconditions.js';
import type { Trigger } from '../triggers/trigger.js';
import { type About, isAbout } from './about.js';

/** A wait, as far as it decides which event is the next. */
export interface Waiting {
  readonly on: readonly Trigger[];
  readonly about: About;
  /** Its time is up then (Unix ms). */
  readonly until: number;
  /** The running number of the last delivery that it has been compared with. */
  readonly seen: number;
  /** Only newer states of a pull request count, and what else was received later. */
  readonly newerThan?: PullRequestState | undefined;
}

/** The state of a pull request that an event has told of. Stored, so its fields keep their names. Unix ms, both. */
export interface PullRequestState {
  /** When the provider changed it. */
  readonly changedAt: number;
  readonly receivedAt: number;
}

/** A delivery of the place where a run waits. */
export interface Arrived {
  /** Counts up in the order of the inbox. */
  readonly seq: number;
  /** Unix ms. */
  readonly receivedAt: number;
  readonly events: readonly HookyardEvent[];
}

/** The event that a wait gets. */
export interface Next {
  readonly delivery: number;
  /** Its place in the delivery. */
  readonly part: number;
  readonly event: HookyardEvent;
  /** What has to be found out before it is handed over. */
  readonly asks: Preconditions;
}

/**
 * Returns the first event that a wait has not been compared with and that matches: by the triggers, with the same filters as for
 * starting a run, and by what it is about. `isTaken`: an event that the run has got by another wait.
 */
export function nextFor(
  wait: Waiting,
  arrived: readonly Arrived[],
  isTaken: (delivery: number, part: number) => boolean,
): Next | undefined {
  const { on, about, until, seen, newerThan } = wait;
  for (const { seq, receivedAt, events } of arrived) {
    if (seq <= seen || receivedAt > until) continue;
    for (const [part, event] of events.entries()) {
      // The run has got it, or began, by the delivery that told of it first.
      if (event.toldBefore !== undefined) continue;
      if (newerThan && !isNewer({ event, receivedAt }, newerThan)) continue;
      if (!isAbout(event, about)) continue;
      const asks = askedOf(on, event);
      if (!asks || isTaken(seq, part)) continue;
      return { delivery: seq, part, event, asks };
    }
  }
  return undefined;
}

/**
 * Returns what has to be found out before an event is handed over that triggers let in; undefined where they don't. An
 * author who is not told is asked for, as for a start.
 */
function askedOf(on: readonly Trigger[], event: HookyardEvent): Preconditions | undefined {
  if (!match({ on }, event).runs) return authorToFind({ on }, event)?.asks;
  return { ...preconditionsOf({ on }, event), ...markerToFind({ on }, event) };
}

/** What is as new by the provider's clock, which may count in seconds, came in the order in which it was received. */
function isNewer({ event, receivedAt }: { event: HookyardEvent; receivedAt: number }, than: PullRequestState): boolean {
  const changedAt = event.kind === 'pull_request' ? Date.parse(event.pullRequest.updatedAt ?? '') : Number.NaN;
  return Number.isNaN(changedAt) || changedAt === than.changedAt
    ? receivedAt > than.receivedAt
    : changedAt > than.changedAt;
}
