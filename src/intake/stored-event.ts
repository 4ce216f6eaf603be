import type { HookyardEvent } from '../events/event.js';

const MAX_FILES = 300;
const MAX_BYTES = 30_000;

/**
 * Returns the event as it is stored and given to workflows. Temporal carries it several times, so a long list of changed
 * files is left out: only matching needs it. `toldBefore`: why it counts for nothing, in words, if it does.
 */
export function storedEvent(event: HookyardEvent, toldBefore?: string): HookyardEvent {
  return toldBefore === undefined ? briefEvent(event) : { ...briefEvent(event), toldBefore };
}

function briefEvent(event: HookyardEvent): HookyardEvent {
  if (event.kind !== 'push' || !event.changedFiles) return event;
  const { changedFiles, ...rest } = event;
  const bytes = () => changedFiles.reduce((sum, path) => sum + Buffer.byteLength(path), 0);
  return changedFiles.length <= MAX_FILES && bytes() <= MAX_BYTES ? event : rest;
}
