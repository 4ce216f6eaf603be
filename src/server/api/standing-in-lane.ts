import { placeWords, type Queued } from '../../lanes/queue-words.js';
import type { LaneRecord, Store } from '../../store/store.js';

/**
 * Returns how a run waits in its lane, in words that say which that is and who holds it up; undefined of one that does not wait for a
 * slot. Also of one that has begun, and asks for its slot again once people have answered.
 */
export async function standingOf(lanes: Pick<Store['lanes'], 'list'>, run: string): Promise<string | undefined> {
  const [found] = await lanes.list({ ofRun: run, limit: 1 });
  const queued = found && queuedIn(found, run);
  return queued && placeWords(queued, found.title);
}

/** Returns how a run waits for a slot of a lane; undefined if it does not. */
export function queuedIn({ mode, by, reason, entries }: LaneRecord, run: string): Queued | undefined {
  const waits = entries.filter(({ state }) => state === 'waits');
  const index = waits.findIndex(({ workflowId }) => workflowId === run);
  if (index === -1) return undefined;
  const after = (waits[index - 1] ?? entries.find(({ state }) => state === 'runs'))?.workflowId;
  const paused = { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
  return { place: index + 1, ...(after !== undefined && { after }), ...(mode === 'paused' && { paused }) };
}
