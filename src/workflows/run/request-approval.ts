import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { EndApprovalInput } from '../../activities/contract/index.js';
import type { GivenApproval } from '../../runs/approval.js';
import { service } from './activities.js';
import { reportApproval, whyEnded } from './approval-report.js';
import type { ApprovalEnd, ApprovalRequest } from './approval-request.js';
import { type Approvable, approvableOf } from './approval-subject.js';
import { reasonOf } from './failure.js';
import { type Heard, hearAnswers } from './heard-answers.js';
import { giveUpSlot, takeSlotAgain, tellsPlace } from './lane.js';
import { progress } from './progress.js';
import { untilAnswered } from './until-answered.js';

/**
 * Waits until as many people as are needed have approved what the run is about, somebody has rejected it, it has expired, or it is
 * void. Costs no worker meanwhile, and gives up the slot of the run in its lane.
 */
export async function requestApproval(request: ApprovalRequest): Promise<ApprovalEnd> {
  const heard = hearAnswers(request.name);
  const report = reportApproval(request);
  let end: ApprovalEnd;
  /** What the commit is told once the run has its slot again. */
  let goesOn: { readonly queued: (words: string) => void; readonly ended: () => void } | undefined;
  try {
    const expiresAt = Date.now() + request.expiresMs;
    const approvable = await approvableOf(request.of, request);
    const { subject } = approvable;
    const { look, rules } = await register(request, { approvable, heard, expiresAt });
    if (heard.outdated === undefined) {
      report.waits(subject, []);
      await giveUpSlot();
    }
    const asked = { approvable, nth: heard.nth, expiresAt };
    const waits = (given: readonly GivenApproval[]) => report.waits(subject, given);
    end = await untilAnswered(request, { heard, asked, look, scale: { subject, rules }, waits });
    heard.close();
    const { by } = end;
    if (end.state === 'approved' && tellsPlace()) {
      report.approved(by);
      const approved = { state: end.state, by };
      goesOn = {
        queued: (words) => report.queued(subject, by, words),
        ended: () => report.ended(subject, approved),
      };
    } else report.ended(subject, end);
    await keepEnd(request, heard, { state: end.state, given: end.by, because: whyEnded(end) });
  } catch (error) {
    heard.close();
    goesOn?.ended();
    if (isCancellation(error)) report.step.end('cancelled');
    else report.step.fail(reasonOf(error));
    await CancellationScope.nonCancellable(() => keepEnd(request, heard, { state: 'withdrawn', given: [] }));
    // The author may catch it and go on. What a cancelled run does still takes the slot itself, if it needs one.
    if (!isCancellation(error)) await takeSlotAgain();
    throw error;
  }
  try {
    await takeSlotAgain(goesOn?.queued);
  } finally {
    goesOn?.ended();
  }
  return end;
}

/** Keeps that the run waits, so that people and pushes find it. */
async function register(
  { name, by, quorum, allowAuthor, operators }: ApprovalRequest,
  { approvable, heard, expiresAt }: { approvable: Approvable; heard: Heard; expiresAt: number },
) {
  const { subject, authors } = approvable;
  const rules = { by, quorum, allowAuthor, operators, authors };
  const look = await service.askApproval({
    ...{ name, nth: heard.nth, ...subject, ...rules },
    askedAt: new Date().toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  });
  heard.outdated ??= look.outdated;
  return { look, rules };
}

/** What has come of it counts, also where it can't be kept. */
async function keepEnd(
  { name }: ApprovalRequest,
  { nth }: Heard,
  ended: Pick<EndApprovalInput, 'state' | 'given' | 'because'>,
): Promise<void> {
  await service.endApproval({ name, nth, ...ended, endedAt: new Date().toISOString() }).catch((error: unknown) => {
    if (isCancellation(error)) throw error;
    progress.step(`Keeping the approval ${name}`).fail(reasonOf(error));
  });
}
