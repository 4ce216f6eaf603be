import { CancellationScope, condition, isCancellation, patched } from '@temporalio/workflow';
import type { ApprovalLook, EndApprovalInput } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { type ApprovalAnswer, type GivenApproval, oneLine } from '../../runs/approval.js';
import { service } from './activities.js';
import { reportApproval, whyEnded } from './approval-report.js';
import type { ApprovalEnd, ApprovalRequest, Asked } from './approval-request.js';
import { type Approvable, approvableOf } from './approval-subject.js';
import { reasonOf } from './failure.js';
import { type Heard, hearAnswers } from './heard-answers.js';
import { giveUpSlot, takeSlotAgain } from './lane.js';
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
const ASKS_AGAIN = 'ask-again-who-may-approve';
/** Keeps the history of a run short that waits for months. */
const MAX_REMINDERS = 50;
const MAX_WHY = 500;

/**
 * Waits until as many people as are needed have approved what the run is about, somebody has rejected it, it has expired, or it is
 * void. Costs no worker meanwhile, and gives up the slot of the run in its lane.
 */
export async function requestApproval(request: ApprovalRequest): Promise<ApprovalEnd> {
  const heard = hearAnswers(request.name);
  const report = reportApproval(request);
  let end: ApprovalEnd;
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
    report.ended(subject, end);
    await keepEnd(request, heard, { state: end.state, given: end.by, because: whyEnded(end) });
  } catch (error) {
    heard.close();
    if (isCancellation(error)) report.step.end('cancelled');
    else report.step.fail(reasonOf(error));
    await CancellationScope.nonCancellable(() => keepEnd(request, heard, { state: 'withdrawn', given: [] }));
    // The author may catch it and go on. What a cancelled run does still takes the slot itself, if it needs one.
    if (!isCancellation(error)) await takeSlotAgain();
    throw error;
  }
  await takeSlotAgain();
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

interface Wait {
  readonly heard: Heard;
  readonly asked: Omit<Asked, 'reminder'>;
  readonly look: ApprovalLook;
  readonly scale: Omit<Scale, 'given'>;
  /** Called when one more has approved, and others have to. */
  readonly waits: (given: readonly GivenApproval[]) => void;
}

async function untilAnswered(
  request: ApprovalRequest,
  { heard, asked, scale, waits, ...first }: Wait,
): Promise<ApprovalEnd> {
  const { name, quorum, remindMs = Number.POSITIVE_INFINITY } = request;
  const { subject } = scale;
  const { expiresAt } = asked;
  const given: GivenApproval[] = [];
  const postponed = postponedAnswers();
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
    const answer = heard.answers.shift() ?? postponed.due(now);
    const nextReminder = reminder < MAX_REMINDERS ? beganAt + (reminder + 1) * remindMs : Number.POSITIVE_INFINITY;
    if (answer) {
      const weighed = await unlessVoid(heard, () => weigh(answer, { ...scale, given }));
      if (heard.outdated !== undefined || weighed === undefined) continue;
      // Whoever has answered by a link can't do so again. Runs that an older version started have gone on without the answer.
      const isPostponed = weighed.kind === 'unknown' && Date.now() < expiresAt && patched(ASKS_AGAIN);
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

/** Returns what is asked, or undefined as soon as the approval is void: a provider that is away may be waited for for a day. */
async function unlessVoid<T>(heard: Heard, ask: () => Promise<T>): Promise<T | undefined> {
  const scope = new CancellationScope();
  const isVoid = async () => {
    await condition(() => heard.outdated !== undefined);
    return undefined;
  };
  try {
    return await scope.run(() => Promise.race([ask(), isVoid()]));
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
