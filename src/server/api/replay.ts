import { workflowIdFor } from '../../runs/workflow-id.js';
import type { DeliveryRecord, Inbox } from '../../store/store.js';
import { asksForRun, type SkipVerdict, type StartVerdict, startOf } from '../../triggers/verdict.js';
import { HttpError } from '../http/http-error.js';
import type { ReplayAnswer } from './contract.js';

/** What {@link replayDelivery} works with. */
export interface ReplayDeps {
  readonly inbox: Pick<Inbox, 'find' | 'startAgain'>;
  /** Called when there is something to start. */
  readonly wake: () => void;
}

/**
 * Starts new runs of the same event for what a delivery has started, or for one automation of it. The workflow ids are
 * those of the first runs with a counter. A run that only reports checks as skipped is started again only if it could not
 * be started: otherwise it might overwrite the checks of a later run. Undefined if there is no such delivery; throws
 * {@link HttpError} (409) when there is nothing to start.
 */
export async function replayDelivery(
  { inbox, wake }: ReplayDeps,
  id: string,
  automation?: string,
): Promise<ReplayAnswer | undefined> {
  const record = await inbox.find(id);
  if (!record) return undefined;
  const wanted = record.verdicts
    .filter(asksForRun)
    .filter((verdict) => automation === undefined || verdict.automation === automation)
    .filter((verdict) => verdict.outcome === 'start' || isDeadLetter(record, verdict));
  if (wanted.length === 0) {
    const what = automation === undefined ? 'no automation' : `no automation called ${automation}`;
    throw new HttpError(409, `the delivery started ${what}, so there is nothing to start again`);
  }
  const starts = wanted.map((verdict) => ({ ...startOf(verdict), workflowId: nextRun(record, verdict) }));
  await inbox.startAgain({ deliveryId: record.id, starts });
  wake();
  return { delivery: record.id, runs: starts.map(({ workflowId }) => workflowId) };
}

/** Whether the last run that a verdict or a replay of it asked for could not be started. */
function isDeadLetter(record: DeliveryRecord, verdict: StartVerdict | SkipVerdict): boolean {
  const again = record.dispatches.map((_, count) => replayedRun(record, verdict, count));
  const runs = new Set([verdict.workflowId, ...again]);
  return record.dispatches.findLast(({ workflowId }) => runs.has(workflowId))?.state === 'failed';
}

function nextRun(record: DeliveryRecord, verdict: StartVerdict | SkipVerdict): string {
  const soFar = record.dispatches.filter((dispatch) => dispatch.automation === verdict.automation).length;
  return replayedRun(record, verdict, soFar);
}

function replayedRun(
  { source, key }: DeliveryRecord,
  { automation, part }: StartVerdict | SkipVerdict,
  count: number,
): string {
  return workflowIdFor({ automation, source, key: `${key}${part ? `/${part + 1}` : ''}/replay-${count}` });
}
