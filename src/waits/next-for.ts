import type { HookyardEvent } from '../events/event.js';
import type { Preconditions } from '../runs/options.js';
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
  const { on, about, until, seen } = wait;
  for (const { seq, receivedAt, events } of arrived) {
    if (seq <= seen || receivedAt > until) continue;
    for (const [part, event] of events.entries()) {
      if (!isAbout(event, about) || !match({ on }, event).runs || isTaken(seq, part)) continue;
      return {
        delivery: seq,
        part,
        event,
        asks: { ...preconditionsOf({ on }, event), ...markerToFind({ on }, event) },
      };
    }
  }
  return undefined;
}
