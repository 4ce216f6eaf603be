import { defaultPayloadConverter, mapToPayloads } from '@temporalio/common';
import { encodeUnifiedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes.js';
import { CancellationScope, CancelledFailure, ContinueAsNew, workflowInfo } from '@temporalio/workflow';
import type { HookyardEvent } from '../../events/event.js';
import type { HandedOn } from '../../runs/handed-on.js';
import type { RunOptions } from '../../runs/options.js';
import { beganAt, beganWith } from './began-at.js';
import { noteCancelReason, notedReason, noteSuperseded, supersededBy } from './cancel-reason.js';
import { approvalsAsked, countApprovals } from './heard-answers.js';
import { laneOfRun, takeSlotAgain } from './lane.js';
import { handBackWaits } from './open-wait.js';
import { progress } from './progress.js';
import { endOpenStatuses, keepOpen, openStatuses } from './report-status.js';
import { goOnWithTable, tableToHandOn } from './run-table.js';
import { workedBefore, workedMs } from './time-limit.js';
import { wasToldQueued } from './told-queued.js';
import { endWaits } from './wait.js';

/** More than an author has open at once; what is beyond is ended once the run has. */
const MAX_STATUSES = 200;

/** A run, or a part of one that continues as new. */
export interface Part {
  readonly event: HookyardEvent;
  readonly how: RunOptions | undefined;
}

/**
 * Ends a part of a run that continues as new, and returns what it ends with: that it goes on, with all that {@link takeUp} needs, or
 * why it can't, since it was cancelled meanwhile for example. What it has in the background is done first, as at the end of a run;
 * the events that it waits for are left to the next part.
 */
export async function goOn(thrown: ContinueAsNew, part: Part): Promise<unknown> {
  try {
    await endPart(thrown);
    // Temporal would forget that it was to end.
    if (CancellationScope.current().consideredCancelled) return new CancelledFailure('cancelled before it continued');
    return handOn(thrown, part);
  } catch (error) {
    return error;
  }
}

async function endPart({ command }: ContinueAsNew): Promise<void> {
  if (!isSameWorkflow(command)) endOpenStatuses(`the run goes on as ${command.workflowType}`);
  await progress.drained();
  await takeSlotAgain();
  await handBackWaits();
  await endWaits();
}

/** One that goes on as another workflow is that workflow's. */
function handOn({ command, eventGroupMarkers }: ContinueAsNew, { event, how }: Part): ContinueAsNew {
  if (!isSameWorkflow(command)) return new ContinueAsNew(command, eventGroupMarkers);
  const { memo = {}, typedSearchAttributes } = workflowInfo();
  const { asks: _, lane: __, ...kept } = how ?? {};
  const lane = laneOfRun();
  const options: RunOptions = {
    ...{ ...kept, ...(lane !== undefined && { lane }), ...(wasToldQueued(how) && { told: true as const }) },
    handedOn: handedOn(),
  };
  const [given, ...others] = command.arguments ?? [];
  const toPayload = (value: unknown) => defaultPayloadConverter.toPayload(value);
  return new ContinueAsNew(
    {
      ...command,
      arguments: [given ?? toPayload(event), toPayload(options), ...others.slice(1)],
      memo: { ...mapToPayloads(defaultPayloadConverter, { ...memo }), ...command.memo },
      // Those that the run has stay its own where the author says nothing of any.
      ...(command.searchAttributes && {
        searchAttributes: {
          indexedFields: {
            ...encodeUnifiedSearchAttributes(undefined, typedSearchAttributes),
            ...command.searchAttributes.indexedFields,
          },
        },
      }),
    },
    eventGroupMarkers,
  );
}

/** Takes up what the part before has handed on. */
export function takeUp({
  beganAt,
  statuses,
  approvals,
  failed,
  said,
  workedMs,
  cancelled,
  supersededBy,
  table,
}: HandedOn): void {
  beganWith(beganAt);
  keepOpen(statuses);
  countApprovals(approvals);
  workedBefore(workedMs);
  if (table) goOnWithTable(table, failed?.what);
  if (said) progress.say(said.outcome, said.because);
  else if (failed)
    progress
      .step(failed.what, { decides: true })
      .end('failed', 'in an earlier part of the run', { because: failed.because });
  if (supersededBy !== undefined) noteSuperseded(supersededBy);
  if (cancelled !== undefined) noteCancelReason(cancelled);
}

function handedOn(): HandedOn {
  return {
    beganAt: beganAt(),
    statuses: openStatuses().slice(0, MAX_STATUSES),
    approvals: approvalsAsked(),
    failed: progress.failure(),
    said: progress.said(),
    workedMs: workedMs(),
    cancelled: notedReason(),
    supersededBy: supersededBy(),
    table: tableToHandOn(),
  };
}

function isSameWorkflow({ workflowType }: ContinueAsNew['command']): boolean {
  return workflowType === workflowInfo().workflowType;
}
