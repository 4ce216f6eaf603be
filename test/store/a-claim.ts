import type { LaneClaim } from '../../src/lanes/concurrency.js';
import type { NewDelivery, NewStart } from '../../src/store/store.js';
import { aDelivery } from './a-delivery.js';

/** A place in the lane `deploy`, with whatever a test wants to be different. */
export function aClaim(changes: Partial<LaneClaim> = {}): LaneClaim {
  const { lane = 'deploy' } = changes;
  return {
    ...{
      lane,
      title: `the lane ${lane}`,
      group: 'deploy {branch}',
      limit: 1,
      onBusy: 'queue',
      kind: 'push',
      priority: 3,
    },
    ...changes,
  };
}

/** A delivery that starts the run `key` of the automation `ci` in a lane. */
export function inLane(key: string, claim: Partial<LaneClaim> = {}, changes: Partial<NewDelivery> = {}): NewDelivery {
  return aDelivery(key, {
    verdicts: [{ automation: 'ci', outcome: 'start', because: 'all', workflowId: key, lane: aClaim(claim) }],
    ...changes,
  });
}

/** The same as a further start of a delivery. */
export function aStart(workflowId: string, claim: Partial<LaneClaim> = {}): Omit<NewStart, 'how'> {
  return { workflowId, automation: 'ci', part: 0, lane: aClaim(claim) };
}
