import { Context } from '@temporalio/activity';
import { OUTDATED_SIGNAL, type Outdated } from '../../runs/names.js';
import type { Activities, LaneActivities, LaneAnswer } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { refused } from '../failures.js';
import { awaitingOf } from './awaiting.js';
import { runsAround } from './runs-around.js';

/** How long runs have to wait for each other before it is believed that they do for ever: one may be about to end. */
const STANDS_MS = 45_000;
/** With more than that in the way nobody is asked. */
const MOST_ASKED = 50;

/** Returns the activities by which a run takes its place in a lane. Doing one again changes nothing. */
export function createLaneActivities({ store }: ActivityDeps): Pick<Activities, keyof LaneActivities> {
  return {
    async enterLane({ claim, runId, parent }) {
      if (claim === undefined) return { state: 'runs' };
      const { workflowId, workflowType: automation } = callingRun();
      const within = await runsAround({ workflowId, parent });
      const place = await store.lanes.enter({ workflowId, automation, claim, runId, within });
      return endIfSuperseded(workflowId, place);
    },
    async stepAside() {
      await store.lanes.stepAside(callingRun().workflowId);
    },
    async takeSlot() {
      const { workflowId } = callingRun();
      return endIfSuperseded(workflowId, await unlessForEver(workflowId, await store.lanes.stepBack(workflowId)));
    },
  };

  /**
   * What has entered is seen by others, so that of two which wait for each other the second to look finds it. Only runs that have nothing
   * under way but children can be said to wait for these.
   */
  async function unlessForEver(workflowId: string, place: LaneAnswer): Promise<LaneAnswer> {
    if (place.state !== 'waits') return place;
    const look = { workflowId, standsMs: STANDS_MS };
    const first = await store.lanes.breakDeadlock(look);
    if ('because' in first || first.ask.length === 0 || first.ask.length > MOST_ASKED) return place;
    const found = await store.lanes.breakDeadlock({ ...look, awaiting: await awaitingOf(first.ask) });
    return 'because' in found ? { state: 'refused', because: found.because } : place;
  }

  /** A run ends as cancelled in Temporal only if somebody cancels it: whoever hands over the signal does. */
  async function endIfSuperseded(workflowId: string, answer: LaneAnswer): Promise<LaneAnswer> {
    if (answer.state === 'superseded')
      await store.inbox.signal({
        id: `superseded/${answer.by}/${workflowId}/${callingRun().runId}`,
        workflowId,
        signal: OUTDATED_SIGNAL,
        payload: { by: answer.by } satisfies Outdated,
      });
    return answer;
  }
}

function callingRun(): { workflowId: string; runId: string; workflowType: string } {
  const { workflowExecution, workflowType } = Context.current().info;
  if (!workflowExecution || workflowType === undefined) throw refused('only a run has a place in a lane');
  return { ...workflowExecution, workflowType };
}
