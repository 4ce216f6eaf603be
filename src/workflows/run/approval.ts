import {
  condition,
  defineSignal,
  isCancellation,
  patched,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Approval, OpenedApproval, Rejection, Superseded } from '../../activities/contract/index.js';
import type { PullRequestEvent } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import { rejectedInWords } from '../../runs/approval.js';
import {
  APPROVE_SIGNAL,
  REJECT_SIGNAL,
  SUPERSEDE_SIGNAL,
  WAITS_MEMO,
  type WaitsForApproval,
  WITHDRAW_SIGNAL,
} from '../../runs/names.js';
import { approvalContextOf } from '../../runs/status-context.js';
import { service } from './activities.js';
import { howToApprove, WITHOUT_COMMANDS } from './approval-report.js';
import { progress } from './progress.js';
import { reportChecks } from './report-checks.js';
import { handOverStatuses, reportInBackground } from './report-status.js';
import { noteWaited, tellWaited, tellWaiting } from './told-attributes.js';

const MAX_WAIT = '14 days';
const LOOKS_AGAIN = 'look-again-for-other-waits';
/** Two runs that begin to wait at once find each other by their search attributes after a moment only. */
const MOMENT = '10 seconds';

/** An approval that the run waits for, and what it hears of it. */
interface Waiter {
  readonly memo: WaitsForApproval;
  approval: Approval | undefined;
  superseded: Superseded | undefined;
  rejected: Rejection | undefined;
  closed: boolean;
}

/** Module state: the workflow sandbox gives each run its own. A run that has begun may wait for several. */
const waiters = new Set<Waiter>();

/**
 * Waits until somebody with write access approves the head of a pull request that may be a stranger's. Returns why it will
 * not run, or undefined once it is approved. A merge that waits for `checks` waits on; nothing that a stranger can do lets
 * it go ahead. Of several runs of one commit, the newest waits; and each that has `begun`, and waits for events.
 */
export async function awaitApproval(
  event: PullRequestEvent,
  checks: readonly string[],
  begun?: true,
): Promise<string | undefined> {
  const { source, repository, pullRequest } = event;
  const { sha } = pullRequest.head;
  const { workflowType: automation, startTime } = workflowInfo();
  const step = progress.step(`Approval of ${sha} ${originOf(event)}`);
  const status = { source, repository: repository.fullName, sha, context: approvalContextOf(automation) } as const;
  const waits = {
    source,
    repository: repository.fullName,
    repositoryId: repository.id,
    number: pullRequest.number,
    automation,
    sha,
    // Deliveries may come in any order; the provider says which state is the newer.
    since: pullRequest.updatedAt ?? event.receivedAt,
    startedAt: startTime.toISOString(),
    ...(begun && { begun }),
  };
  const memo: WaitsForApproval = {
    ...{ sha, since: waits.since, received: event.receivedAt, repositoryId: repository.id },
    ...(event.action === 'closed' && { closing: true }),
    ...(begun && { begun }),
  };
  const waiter: Waiter = { memo, approval: undefined, superseded: undefined, rejected: undefined, closed: false };
  hear(waiter);
  upsertMemo({ [WAITS_MEMO]: memo });
  reportInBackground({
    ...status,
    state: 'pending',
    description: howToApprove({ provider: event.provider, automation, sha }),
  });
  reportChecks(event, checks, { state: 'pending', description: 'waits for approval' });
  const take = (opened: OpenedApproval) => {
    if (opened.by !== undefined) waiter.approval ??= { sha, by: opened.by };
    if (opened.superseded !== undefined) waiter.superseded ??= { sha: opened.superseded };
    waiter.closed ||= opened.closed === true;
    return opened;
  };
  const isOver = () =>
    waiter.approval !== undefined || waiter.superseded !== undefined || waiter.rejected !== undefined || waiter.closed;
  let opened: OpenedApproval;
  let isTold = false;
  try {
    opened = take(await service.openApproval(waits));
    if (!isOver()) {
      step.end(
        'running',
        WITHOUT_COMMANDS.includes(event.provider)
          ? 'an operator runs `hookyard approve`'
          : `a person with write access comments \`/approve ${plain(automation)} ${sha}\`, or runs \`hookyard approve\``,
      );
      tellWaiting('fork');
      isTold = true;
      // Runs that an older version started look once.
      if (patched(LOOKS_AGAIN) && !(await condition(isOver, MOMENT))) take(await service.openApproval(waits));
      await condition(isOver, MAX_WAIT);
      isTold = false;
      tellWaited('fork');
    }
  } catch (error) {
    if (isCancellation(error)) step.end('cancelled');
    waiters.delete(waiter);
    if (isTold) noteWaited('fork');
    // Only the time of a wait for events ends without the run.
    if (begun) sayWhatWaits();
    throw error;
  }
  waiters.delete(waiter);
  sayWhatWaits();
  const { approval, superseded, rejected, closed } = waiter;
  if (approval && !rejected) {
    step.end('passed', `by ${plain(approval.by)}`);
    if (opened.by === undefined) await service.noteApproval({ ...waits, by: approval.by });
    reportInBackground({ ...status, state: 'success', description: `approved by ${approval.by}` });
    return undefined;
  }
  const because = endedBy(sha, { superseded, rejected, closed });
  step.end('cancelled', plain(because));
  if (superseded?.sha === sha) {
    // The other run reports on the same commit.
    handOverStatuses();
    return because;
  }
  reportInBackground({ ...status, state: 'error', description: because });
  reportChecks(event, checks, { state: 'error', description: `not approved: ${because}` });
  return because;
}

/** Begins to hear what is told of an approval. */
function hear(waiter: Waiter): void {
  waiters.add(waiter);
  const tell = (sha: string, what: (one: Waiter) => void) => {
    for (const one of waiters) if (one.memo.sha === sha) what(one);
  };
  setHandler(defineSignal<[Approval]>(APPROVE_SIGNAL), (given) =>
    tell(given.sha, (one) => {
      one.approval ??= given;
    }),
  );
  setHandler(defineSignal<[Rejection]>(REJECT_SIGNAL), (given) =>
    tell(given.sha, (one) => {
      one.rejected ??= given;
    }),
  );
  setHandler(defineSignal<[Superseded]>(SUPERSEDE_SIGNAL), (by) => {
    for (const one of waiters) if (!one.memo.begun || one.memo.sha !== by.sha) one.superseded ??= by;
  });
  setHandler(defineSignal(WITHDRAW_SIGNAL), () => {
    for (const one of waiters) one.closed = true;
  });
}

/** Writes into the memo what the run waits for still: that of which it has begun to last. */
function sayWhatWaits(): void {
  upsertMemo({ [WAITS_MEMO]: [...waiters].at(-1)?.memo ?? null });
}

/** Returns in words where a head commit comes from. */
function originOf({ repository, pullRequest }: PullRequestEvent): string {
  const from = pullRequest.head.repository ?? '(deleted)';
  // Anybody may push a head that is no branch: to `refs/for/main` of Gitea, for example.
  return from === repository.fullName ? `that is no branch of ${from}` : `from the fork ${from}`;
}

function endedBy(
  sha: string,
  by: { superseded: Superseded | undefined; rejected: Rejection | undefined; closed: boolean },
): string {
  if (by.rejected) return rejectedInWords(by.rejected);
  if (by.superseded)
    return by.superseded.sha === sha
      ? 'a newer run waits in its place'
      : `${by.superseded.sha.slice(0, 12)} waits in its place`;
  return by.closed ? 'the pull request was closed' : `nobody approved it in ${MAX_WAIT}`;
}
