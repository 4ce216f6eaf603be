import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { withFirstAbort } from '../../../async/first-abort.js';
import { withoutControls } from '../../../events/markdown.js';
import type { FailureType, RunStepInput, StepRan } from '../../contract/index.js';
import { stepInWords } from '../../contract/step-notes.js';
import { runStep } from '../run-step.js';
import { createTail } from '../tail.js';
import { type Held, inWorkspace, lost } from './held.js';

/** Of the end of a step's output, in characters: it stands in the history. */
const SHOWN = 2_000;

/**
 * Runs one attempt of a step of a job that is held, within its activity, and keeps what it came to. Throws a `StepFailed` where it did
 * not pass, `JobLost` where the job is held no more, and the `CancelledFailure`.
 */
export async function runHeldStep(held: Held, input: Omit<RunStepInput, 'workspace'>): Promise<StepRan> {
  const { job } = held;
  const { cancellationSignal, cancelled } = Context.current();
  const tail = createTail();
  // Between two attempts are pauses that the author wants.
  job.clock.goOn({ counts: input.attempt > 1 });
  if (input.afterMs !== undefined) job.failedWith ??= job.jobLog.tail();
  const work = attempt(held, input, { cancelled: cancellationSignal, onLine: tail.add });
  const ran = await inWorkspace(held, work).finally(() => {
    if (held.atWork.size === 0) job.clock.standStill();
  });
  const { turnsRed: _, ...step } = input.step;
  held.ran.set(input.number, { number: input.number, step, ran });
  held.hasWorked = true;
  if (held.ending.signal.aborted) throw lost();
  if (cancellationSignal.aborted) await cancelled;
  if (ran.outcome !== 'passed') throw failed(ran, tail.read());
  return ran;
}

/** Runs it until it ends, is cancelled, or the job is held no more. */
async function attempt(
  held: Held,
  { step, number, attempt, afterMs }: Omit<RunStepInput, 'workspace'>,
  { cancelled, onLine }: { cancelled: AbortSignal; onLine: (line: string) => void },
): Promise<StepRan> {
  const { job, ending } = held;
  if (afterMs !== undefined) held.after ??= AbortSignal.timeout(Math.max(afterMs, job.clock.endsAt() - Date.now()));
  const after = afterMs === undefined ? undefined : held.after;
  return withFirstAbort([cancelled, ending.signal], (signal) =>
    runStep(job, { step, number, attempt, signal, after, onLine }),
  );
}

/** A step that did not pass is a result. It fails all the same, so that it is seen where activities are listed. */
function failed(ran: StepRan, printed: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: `${ran.name}: ${stepInWords(ran)}\n${withoutControls(printed).slice(-SHOWN)}`.trimEnd(),
    type: 'StepFailed' satisfies FailureType,
    details: [ran],
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
  });
}
