import type { HookyardEvent } from '../../events/event.js';

/** Module state: the workflow sandbox gives each run its own. */
let event: HookyardEvent | undefined;

/** Keeps the event that the run is about, for what the author's function calls without it. */
export function keepRunEvent(given: HookyardEvent): void {
  event = given;
}

/** Returns the event that the run is about; undefined before its function is called. */
export function runEvent(): HookyardEvent | undefined {
  return event;
}
