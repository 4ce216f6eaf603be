import { Context } from '@temporalio/activity';
import { CANCEL_SIGNAL, type CancelReason } from '../../runs/names.js';
import { type AfterDelivery, MAX_OPEN_WAITS } from '../../store/store.js';
import type { Place } from '../../waits/about.js';
import type { Activities, EndedWait, WaitActivities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { refused } from '../failures.js';

/** Pages that one attempt compares, some seconds' work. The next goes on from there. */
const MAX_LOOKS = 500;

/** How far the provider's clock may be from ours, in milliseconds. */
const CLOCKS_MS = 60_000;

/** Returns the activities by which a run waits for an event. Doing one again changes nothing. */
export function createWaitActivities({ store }: Pick<ActivityDeps, 'store'>): Pick<Activities, keyof WaitActivities> {
  const { waits, inbox } = store;

  /** Compares the waits of the calling run with all that has arrived. Throws, to be tried again, where that is too much for once. */
  async function compare({ source, repository }: Place): Promise<void> {
    const { workflowId } = callingRun();
    for (let looks = 0; looks < MAX_LOOKS; looks++)
      if (!(await waits.look({ source, repository, workflowId })).more) return;
    throw new Error(
      `${workflowId} waits for an event, and has more deliveries to compare with: it goes on in a moment`,
    );
  }

  return {
    async openWait({ number, withinMs, after, newerThan, ...wait }) {
      const { workflowId, runId } = callingRun();
      const id = idOf(runId, number);
      const until = withinMs === undefined ? Number.MAX_SAFE_INTEGER : Date.now() + withinMs;
      const state = newerThan && {
        changedAt: Date.parse(newerThan.changedAt),
        receivedAt: Date.parse(newerThan.receivedAt),
      };
      const from = { ...after, receivedAt: Date.parse(after.receivedAt) };
      const given = state && !after.inclusive ? fromNewerStates(from.receivedAt, state.changedAt) : from;
      if (
        !(await waits.open({
          ...{ ...wait, id, workflowId, runId, until, after: given },
          ...(state && { newerThan: state }),
        }))
      )
        throw refused(`the run has ${MAX_OPEN_WAITS} waits open: let some of them end before it begins more`);
      await compare(wait);
      return { id, ...(await result(id, waits.given)) };
    },
    async closeWait({ id, last }): Promise<EndedWait> {
      if (last) await compare(last);
      return result(id, waits.close);
    },
    async freeWait({ number, id = idOf(callingRun().runId, number) }) {
      await waits.free(id);
    },
    async closeWaits() {
      const { workflowId, runId } = callingRun();
      await waits.closeAll({ workflowIds: [workflowId], runId });
    },
    async endRun({ because }) {
      const { workflowId, runId } = callingRun();
      const payload: CancelReason = { because };
      // A run ends as cancelled in Temporal only if somebody cancels it: whoever hands over the signal does.
      await inbox.signal({ id: `end/${runId}`, workflowId, signal: CANCEL_SIGNAL, payload });
    },
  };
}

/** What tells of a state that is newer was received after the change, by the provider's clock. */
function fromNewerStates(receivedAt: number, changedAt: number): AfterDelivery {
  return { deliveryId: '', receivedAt: Math.min(receivedAt, changedAt - CLOCKS_MS) };
}

async function result(id: string, ask: (id: string) => Promise<EndedWait['given']>): Promise<EndedWait> {
  const given = await ask(id);
  return given ? { given } : {};
}

function idOf(runId: string, number: number): string {
  return `${runId}/${number}`;
}

function callingRun(): { workflowId: string; runId: string } {
  const { workflowExecution } = Context.current().info;
  if (!workflowExecution) throw refused('only a run waits');
  return workflowExecution;
}
