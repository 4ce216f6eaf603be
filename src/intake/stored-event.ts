import type { HookyardEvent } from '../events/event.js';

const MAX_FILES = 300;
const MAX_BYTES = 30_000;

/**
 * The event as it is kept and given to workflows. Temporal carries it several times over, so a long list of changed
 * files, which has done its work in matching by now, is left out.
 */
export function storedEvent(event: HookyardEvent): HookyardEvent {
  if (event.kind !== 'push' || !event.changedFiles) return event;
  const { changedFiles, ...rest } = event;
  const bytes = () => changedFiles.reduce((sum, path) => sum + Buffer.byteLength(path), 0);
  return changedFiles.length <= MAX_FILES && bytes() <= MAX_BYTES ? event : rest;
}
