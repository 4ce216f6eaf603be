import { type StartVerdict, startOf } from '../../events/verdict.js';
import type { DeliveryRecord, Inbox } from '../../store/store.js';
import { Refusal } from '../http/refusal.js';
import { runId } from '../run-id.js';

export interface ReplayDeps {
  readonly inbox: Pick<Inbox, 'find' | 'startAgain'>;
  /** Called when there is something to start. */
  readonly wake: () => void;
}

/**
 * Starts what a delivery started once more, or one automation of it: new runs, on purpose, of the same event. Each is
 * named after the first, and counts up. Undefined if there is no such delivery; throws {@link Refusal} (409) when there
 * is nothing to start.
 */
export async function replayDelivery(
  { inbox, wake }: ReplayDeps,
  id: string,
  automation?: string,
): Promise<{ delivery: string; runs: string[] } | undefined> {
  const record = await inbox.find(id);
  if (!record) return undefined;
  const started = record.verdicts
    .filter((verdict) => verdict.outcome === 'start')
    .filter((verdict) => automation === undefined || verdict.automation === automation);
  if (started.length === 0) {
    const what = automation === undefined ? 'no automation' : `no automation called ${automation}`;
    throw new Refusal(409, `the delivery started ${what}, so there is nothing to start again`);
  }
  const starts = started.map((verdict) => ({ ...startOf(verdict), workflowId: nextRun(record, verdict) }));
  await inbox.startAgain({ deliveryId: record.id, starts });
  wake();
  return { delivery: record.id, runs: starts.map(({ workflowId }) => workflowId) };
}

function nextRun({ source, key, dispatches }: DeliveryRecord, { automation, part }: StartVerdict): string {
  const soFar = dispatches.filter((dispatch) => dispatch.automation === automation).length;
  return runId({ automation, source, key: `${key}${part ? `/${part + 1}` : ''}/replay-${soFar}` });
}
