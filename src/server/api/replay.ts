import { onPurpose, withoutSuperseding } from '../../lanes/claim.js';
import type { GoesOnFrom } from '../../runs/goes-on-from.js';
import type { RunOptions } from '../../runs/options.js';
import { workflowIdFor } from '../../runs/workflow-id.js';
import type { DeliveryRecord, Inbox, NewStart } from '../../store/store.js';
import { asksForRun, type SkipVerdict, type StartVerdict, startOf } from '../../triggers/verdict.js';
import { HttpError } from '../http/http-error.js';
import type { ReplayAnswer } from './contract.js';
import { type DeliveryName, findDelivery } from './find-delivery.js';

/** What {@link replayDelivery} works with. */
export interface ReplayDeps {
  readonly inbox: Pick<Inbox, 'find' | 'findStart' | 'startAgain'>;
  /** Called when there is something to start. */
  readonly wake: () => void;
}

/**
 * Starts new runs of the same event for what a delivery has started, or for one automation of it. The workflow ids are
 * those of the first runs with a counter. A run that only reports checks as skipped is started again only if it could not
 * be started: otherwise it might overwrite the checks of a later run. What was started with the same `once` before is answered, and not
 * started again. Undefined if there is no such delivery; throws
 * {@link HttpError} (409) when there is nothing to start.
 */
export async function replayDelivery(
  deps: ReplayDeps,
  name: DeliveryName,
  { automation, once }: { readonly automation?: string | undefined; readonly once?: string | undefined } = {},
): Promise<ReplayAnswer | undefined> {
  const what = automation === undefined ? 'no automation' : `no automation called ${automation}`;
  const isWanted = (verdict: StartVerdict | SkipVerdict) =>
    automation === undefined || verdict.automation === automation;
  return replay(deps, name, { what, isWanted, more: once === undefined ? {} : { once } });
}

/** Starts one run of a delivery once more, as {@link replayDelivery} does. `run`: its workflow id. */
export async function replayRun(
  deps: ReplayDeps,
  deliveryId: string,
  run: string,
  more: Asked = {},
): Promise<ReplayAnswer | undefined> {
  const isWanted = (verdict: StartVerdict | SkipVerdict, record: DeliveryRecord) => runsOf(record, verdict).has(run);
  return replay(
    deps,
    { id: deliveryId },
    { what: `not the run ${run}, or it only reported skipped checks`, isWanted, more },
  );
}

/** How what is started again is asked for. */
type Asked = GoesOnFrom & Pick<RunOptions, 'once'>;

async function replay(
  { inbox, wake }: ReplayDeps,
  name: DeliveryName,
  meant: {
    readonly what: string;
    readonly isWanted: (verdict: StartVerdict | SkipVerdict, record: DeliveryRecord) => boolean;
    readonly more: Asked;
  },
): Promise<ReplayAnswer | undefined> {
  const record = await findDelivery(inbox, name);
  if (!record) return undefined;
  const asked = record.verdicts.filter(asksForRun).filter((verdict) => meant.isWanted(verdict, record));
  const runOf = (verdict: StartVerdict | SkipVerdict) => startedWith(meant.more.once, record, verdict);
  const before = asked.flatMap((verdict) => runOf(verdict) ?? []);
  const wanted = asked
    .filter((verdict) => runOf(verdict) === undefined)
    .filter((verdict) => verdict.outcome === 'start' || isDeadLetter(record, verdict));
  if (wanted.length + before.length === 0)
    throw new HttpError(409, `the delivery started ${meant.what}, so there is nothing to start again`);
  const runs = wanted.length === 0 ? [] : await startAll(inbox, record, wanted, meant.more);
  wake();
  return {
    delivery: record.id,
    runs: [...before, ...runs],
    ...(wanted.length === 0 && { duplicate: true as const }),
  };
}

/** Returns the workflow id of the run that was started for a verdict when it was asked for with the same `once`. */
function startedWith(
  once: string | undefined,
  record: DeliveryRecord,
  verdict: StartVerdict | SkipVerdict,
): string | undefined {
  if (once === undefined) return undefined;
  const runs = runsOf(record, verdict);
  return record.dispatches.find((dispatch) => dispatch.once === once && runs.has(dispatch.workflowId))?.workflowId;
}

/** Far more names than senders of the versions before can have taken, whose keys were not escaped. */
const MAX_TAKEN = 50;

/** Keeps the starts and returns their workflow ids. One whose id another delivery's run has gets the next. */
async function startAll(
  inbox: ReplayDeps['inbox'],
  record: DeliveryRecord,
  wanted: readonly (StartVerdict | SkipVerdict)[],
  more: Asked,
): Promise<string[]> {
  const at = new Date().toISOString();
  let starts = await Promise.all(
    wanted.map(async (verdict) => ({
      // The event of a run that could never begin is not dealt with yet: it misses nothing that has come since.
      ...(await startOfAgain(inbox, verdict, couldNeverBegin(record, verdict) ? more : { ...more, again: at })),
      workflowId: nextRun(record, verdict),
    })),
  );
  for (let taken = 1; ; taken++) {
    await inbox.startAgain({ deliveryId: record.id, starts });
    const kept = await inbox.find(record.id);
    const ids = new Set(kept?.dispatches.map(({ workflowId }) => workflowId));
    if (!kept || starts.every(({ workflowId }) => ids.has(workflowId))) return starts.map((start) => start.workflowId);
    if (taken > MAX_TAKEN) throw new HttpError(409, 'the names of the new runs are taken by other deliveries');
    starts = starts.map((start, index) => {
      const verdict = wanted[index];
      if (ids.has(start.workflowId) || !verdict) return start;
      return { ...start, workflowId: nextRun(record, verdict, taken) };
    });
  }
}

/**
 * What is started again may be older than what others do, and stands for the events that the first run stood for. It is not skipped for
 * that, unless it never began (no `again`).
 */
async function startOfAgain(
  inbox: ReplayDeps['inbox'],
  verdict: StartVerdict | SkipVerdict,
  again: Asked & Pick<RunOptions, 'again'>,
): Promise<NewStart> {
  const { lane, how, ...start } = startOf(verdict);
  const superseded = lane?.held && (await inbox.findStart(verdict.workflowId))?.superseded;
  const asked: RunOptions = { ...how, ...again, ...(superseded && { superseded }) };
  return {
    ...start,
    ...(Object.keys(asked).length > 0 && { how: asked }),
    ...(lane && { lane: again.again === undefined ? withoutSuperseding(lane) : onPurpose(lane) }),
  };
}

function couldNeverBegin(record: DeliveryRecord, verdict: StartVerdict | SkipVerdict): boolean {
  const runs = runsOf(record, verdict);
  return record.dispatches.every(({ workflowId, state }) => state === 'failed' || !runs.has(workflowId));
}

/** Whether the last run that a verdict or a replay of it asked for could not be started. */
function isDeadLetter(record: DeliveryRecord, verdict: StartVerdict | SkipVerdict): boolean {
  const runs = runsOf(record, verdict);
  return record.dispatches.findLast(({ workflowId }) => runs.has(workflowId))?.state === 'failed';
}

/** Returns the workflow ids that a verdict and the replays of it may have asked for. */
function runsOf(record: DeliveryRecord, verdict: StartVerdict | SkipVerdict): Set<string> {
  const again = record.dispatches.flatMap((_, count) => [
    replayedRun(record, verdict, count),
    // As the versions before named it, where the key has a slash.
    `${verdict.workflowId}/replay-${count}`,
  ]);
  return new Set([verdict.workflowId, ...again]);
}

function nextRun(record: DeliveryRecord, verdict: StartVerdict | SkipVerdict, taken = 0): string {
  const soFar = record.dispatches.filter((dispatch) => dispatch.automation === verdict.automation).length;
  return replayedRun(record, verdict, soFar + taken);
}

function replayedRun(
  { source, key }: DeliveryRecord,
  { automation, part }: StartVerdict | SkipVerdict,
  replay: number,
): string {
  return workflowIdFor({ automation, source, key, part, replay });
}
