import type { Store } from '../../store/store.js';

/**
 * Returns how a run waits in its lane, in words that say which that is and who holds it up; undefined of one that does not wait for a
 * slot. Also of one that has begun, and asks for its slot again once people have answered.
 */
export async function standingOf(lanes: Pick<Store['lanes'], 'list'>, run: string): Promise<string | undefined> {
  const [found] = await lanes.list({ ofRun: run, limit: 1 });
  const { title, mode, by, reason, entries = [] } = found ?? {};
  const waits = entries.filter(({ state }) => state === 'waits');
  const index = waits.findIndex(({ workflowId }) => workflowId === run);
  if (index === -1) return undefined;
  const words = `waits in the lane ${title}, place ${index + 1}`;
  if (mode === 'paused') return `${words}, which ${by} has paused${reason === undefined ? '' : `: ${reason}`}`;
  const before = waits[index - 1] ?? entries.find(({ state }) => state === 'runs');
  return before ? `${words}, after ${before.workflowId}` : words;
}
