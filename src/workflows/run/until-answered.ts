import { CancellationScope, condition, isCancellation, patched } from '@temporalio/workflow';
import type { ApprovalLook } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { type ApprovalAnswer, type GivenApproval, oneLine } from '../../runs/approval.js';
import { service } from './activities.js';
import type { ApprovalEnd, ApprovalRequest, Asked } from './approval-request.js';
import { reasonOf } from './failure.js';
import type { Heard } from './heard-answers.js';
import { postponedAnswers } from './postponed-answers.js';
import { progress } from './progress.js';
import { type Scale, weigh } from './weigh-answer.js';

/** Runs that begin to wait while a push comes in are found by it after some seconds; a second look closes the gap. */
const FIRST_LOOK_MS = 10_000;
/** Finds what nobody has told, since a server died of all moments just then. */
const LOOK_MS = 24 * 3_600_000;
/** What was received before a look may be stored after it. */
const STORED_LATE_MS = 60_000;
/** A look that the store does not answer in an hour is tried again after so long, and so often in a row. */
const LOOK_AGAIN_MS = 10 * 60_000;
const MAX_FAILED_LOOKS = 50;
const IS_PATIENT = 'keep-answers-that-can-not-be-weighed';
/** Keeps the history of a run short that waits for months. */
const MAX_REMINDERS = 50;
const MAX_WHY = 500;

/** An approval that is waited for. */
export interface Wait {
  readonly heard: Heard;
  readonly asked: Omit<Asked, 'reminder'>;
  readonly look: ApprovalLook;
  readonly scale: Omit<Scale, 'given'>;
  /** Called when one more has approved, and others have to. */
  readonly waits: (given: readonly GivenApproval[]) => void;
}

/**
 * Waits until an approval has ended: one answer after the other is weighed, and what has come in since is looked at before one counts.
 * Reminds people meanwhile.
 */
export async function untilAnswered(
  request: ApprovalRequest,
  { heard, asked, scale, waits, ...first }: Wait,
): Promise<ApprovalEnd> {
  const { name, quorum, remindMs = Number.POSITIVE_INFINITY } = request;
  const { subject } = scale;
  const { expiresAt } = asked;
  const given: GivenApproval[] = [];
  const postponed = postponedAnswers();
  // Runs that an older version started ask about one answer after the other, and go on without what can't be asked about.
  const isPatient = patched(IS_PATIENT);
  const beganAt = Date.now();
  let nextLook = beganAt + FIRST_LOOK_MS;
  let reminder = 0;
  let { until } = first.look;
  const remind = () => progress.background(askPeople(request, { ...asked, reminder }));
  let failed = 0;
  /** Returns whether it could look. */
  const lookAgain = async (approvals: readonly GivenApproval[]) => {
    const from = Math.max(subject.since, until - STORED_LATE_MS);
    try {
      const found = await service.lookAtApproval({ name, nth: heard.nth, from, given: approvals });
      until = found.until;
      heard.outdated ??= found.outdated;
      failed = 0;
      return true;
    } catch (error) {
      failed += 1;
      if (isCancellation(error) || failed > MAX_FAILED_LOOKS || Date.now() >= expiresAt) throw error;
      return false;
    }
  };

  if (heard.outdated === undefined) remind();
  for (;;) {
    if (heard.outdated !== undefined) return { state: 'outdated', by: given, because: heard.outdated };
    const now = Date.now();
    const answer = nextAnswer(heard, isPatient) ?? postponed.due(now);
    const nextReminder = reminder < MAX_REMINDERS ? beganAt + (reminder + 1) * remindMs : Number.POSITIVE_INFINITY;
    if (answer) {
      // A provider that is away may be waited for for a day: not by an operator, nor where nothing is to be approved any more.
      const isFirst = () => isPatient && answer.how !== 'operator' && heard.answers.some(isOperators);
      const weighed = await unless(
        () => heard.outdated !== undefined || isFirst(),
        () => weigh(answer, { ...scale, given }),
      );
      if (heard.outdated !== undefined) continue;
      if (weighed === undefined) {
        heard.answers.unshift(answer);
        continue;
      }
      // Whoever has answered by a link can't do so again.
      const isPostponed = weighed.kind === 'unknown' && Date.now() < expiresAt && isPatient;
      if (isPostponed) postponed.add(answer, Date.now());
      if (weighed.kind !== 'counts') {
        showIgnored(name, answer, isPostponed ? `for now: ${weighed.because}` : weighed.because);
        continue;
      }
      const one = givenBy(answer, subject.sha);
      if (!(await lookAgain(answer.approves ? [...given, one] : given))) {
        heard.answers.unshift(answer);
        await condition(() => heard.outdated !== undefined, LOOK_AGAIN_MS);
        continue;
      }
      if (heard.outdated !== undefined) continue;
      if (!answer.approves)
        return { state: 'rejected', by: given, rejectedBy: one, why: oneLine(answer.why ?? '', MAX_WHY) };
      given.push(one);
      if (given.length >= quorum) return { state: 'approved', by: given };
      waits(given);
    } else if (now >= expiresAt) {
      return { state: 'expired', by: given };
    } else if (now >= nextLook) {
      nextLook = (await lookAgain(given)) ? Date.now() + LOOK_MS : Date.now() + LOOK_AGAIN_MS;
    } else if (now >= nextReminder) {
      reminder += 1;
      remind();
    } else {
      const next = Math.min(expiresAt, nextLook, nextReminder, postponed.nextAt());
      await condition(() => heard.answers.length > 0 || heard.outdated !== undefined, next - now);
    }
  }
}

/** Takes out the answer that is weighed next: an operator's, about whom nobody has to be asked, or else the oldest. */
function nextAnswer({ answers }: Heard, isPatient: boolean): ApprovalAnswer | undefined {
  const index = isPatient ? Math.max(0, answers.findIndex(isOperators)) : 0;
  return answers.splice(index, 1)[0];
}

function isOperators({ how }: ApprovalAnswer): boolean {
  return how === 'operator';
}

/** Returns what is asked, or undefined, and cancels the asking, as soon as something is so. */
async function unless<T>(isSo: () => boolean, ask: () => Promise<T>): Promise<T | undefined> {
  const scope = new CancellationScope();
  const stops = async () => {
    await condition(isSo);
    return undefined;
  };
  try {
    return await scope.run(() => Promise.race([ask(), stops()]));
  } finally {
    scope.cancel();
  }
}

function givenBy({ person, how, at }: ApprovalAnswer, sha: string | undefined): GivenApproval {
  const { login, id } = person;
  return { login, at, how, ...(id !== undefined && { id }), ...(sha !== undefined && { sha }) };
}

function showIgnored(name: string, { person, approves }: ApprovalAnswer, because: string): void {
  const what = approves ? 'Approval' : 'Rejection';
  progress.step(`${what} of ${name} by ${person.login}`).end('passed', `does not count: ${plain(because)}`);
}

/** Whoever could not be asked is no reason to end the wait; the message's own step says what went wrong. */
async function askPeople({ name, ask }: ApprovalRequest, asked: Asked): Promise<void> {
  try {
    await ask(asked);
  } catch (error) {
    if (!isCancellation(error)) progress.step(`Asking for ${name}`).fail(reasonOf(error));
  }
}
