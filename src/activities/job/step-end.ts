import { constants } from 'node:os';
import type { StepRan } from '../contract/index.js';
import type { OpenJob } from './open-job.js';
import type { ProcessExit } from './process-group.js';
import { KILLED } from './runners/told-exit.js';

/** How one attempt of a step ended. `at`: when its processes had, Unix ms, where its output took longer to be dealt with. */
export type StepEnd = Omit<StepRan, 'name' | 'durationMs'> & { readonly at?: number };

/** Why a step is stopped before it ends. */
export type StepStop =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'over' | 'late'; readonly because: string }
  | { readonly kind: 'died'; readonly because: string };

/** Returns what ends a step from outside: `after` in the place of the job's own time and of its background steps. */
export function endsOf(
  { limit, background, input }: Pick<OpenJob, 'limit' | 'background' | 'input'>,
  { signal, after }: { readonly signal: AbortSignal; readonly after?: AbortSignal | undefined },
): readonly { at: AbortSignal; why: () => StepStop }[] {
  const cancelled = { at: signal, why: (): StepStop => ({ kind: 'cancelled' }) };
  if (after)
    return [
      cancelled,
      { at: after, why: () => ({ kind: 'over', because: 'what runs at the end of a job took too long' }) },
    ];
  const over = `the job took more than ${input.timeoutMs / 1000} s`;
  return [
    cancelled,
    { at: limit, why: () => ({ kind: 'over', because: over }) },
    { at: background.died, why: () => ({ kind: 'died', because: String(background.died.reason) }) },
  ];
}

/** Returns why a step is stopped that has taken as long as it may. */
export function late(ms: number): StepStop {
  return { kind: 'late', because: `it took more than ${ms / 1000} s` };
}

/** Returns how a step ended that was stopped. */
export function stopped(stop: StepStop): StepEnd {
  switch (stop.kind) {
    case 'cancelled':
      return { outcome: 'timed_out' };
    case 'late':
      return { outcome: 'timed_out', because: stop.because };
    case 'over':
      return { outcome: 'timed_out', because: stop.because, over: true };
    case 'died':
      return { outcome: 'failed', because: stop.because, final: true };
    default:
      return stop satisfies never;
  }
}

/**
 * Returns the exit code of a step that was stopped. One that takes too long answers our signals: its code is none that `retries` may mean
 * by `exit:137`.
 */
export function codeOfStopped({ kind }: StepStop, exit: ProcessExit): Pick<StepEnd, 'exitCode'> {
  return kind === 'late' ? {} : codeOf(exit);
}

/** Returns how a step ended by itself. */
export function endOf(exit: ProcessExit): StepEnd {
  if (exit.exitCode === 0) return { outcome: 'passed', exitCode: 0 };
  // A shell says by its exit code that what it ran was killed, the most likely one to be where memory runs out.
  const isKilled = exit.signal !== undefined || exit.exitCode === KILLED;
  return { outcome: 'failed', ...codeOf(exit), ...(isKilled && { killed: true }) };
}

/** As shells say it: 128 and the number of the signal. */
function codeOf({ exitCode, signal }: ProcessExit): Pick<StepEnd, 'exitCode'> {
  if (exitCode !== undefined) return { exitCode };
  const number = constants.signals[signal as NodeJS.Signals];
  return number === undefined ? {} : { exitCode: 128 + number };
}
