import type { StepResult } from './index.js';

/*
 * What Hookyard itself says in a job's log when a step begins and ends, and how that is read again: logs of earlier versions have these
 * words, so they stay as they are.
 */

/** A step that has begun, as its log says. */
export interface StepBegun {
  readonly kind: 'begun';
  /** Which of the job's steps it is, from 1. */
  readonly number: number;
  readonly name: string;
  /** From 1. */
  readonly attempt: number;
}

/** A step that has ended, as its log says. */
export interface StepEnded {
  readonly kind: 'ended';
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'stopped';
  /** How, in words that follow its name. */
  readonly said: string;
}

/** Returns what is said when a step begins. `of`: how many the job has. */
export function stepBeginsInWords({
  number,
  of,
  name,
  attempt,
}: Omit<StepBegun, 'kind'> & { readonly of: number }): string {
  return `step ${number} of ${of}: ${name}${attempt > 1 ? `, attempt ${attempt}` : ''}`;
}

/** Returns how a step has ended, in words that follow its name. */
export function stepInWords({
  outcome,
  exitCode,
  durationMs,
  because,
}: Pick<StepResult, 'outcome' | 'exitCode' | 'durationMs' | 'because'>): string {
  const time = `${(durationMs / 1000).toFixed(1)} s`;
  const why = because === undefined ? '' : `: ${because}`;
  if (outcome === 'passed') return `passed in ${time}`;
  if (outcome !== 'failed') return `stopped after ${time}${why}`;
  return because === undefined
    ? `failed with exit code ${exitCode ?? 'none'} after ${time}`
    : `failed after ${time}${why}`;
}

/** Returns what a note in a log says of a step; undefined for all others. */
export function readStepNote(text: string): StepBegun | StepEnded | undefined {
  const [, number, begun, attempt] = /^step (\d+) of \d+: (.*?)(?:, attempt (\d+))?$/s.exec(text) ?? [];
  if (number !== undefined && begun !== undefined)
    return { kind: 'begun', number: Number(number), name: begun, attempt: Number(attempt ?? 1) };
  const [, name, said, word] =
    /^(.*?): ((passed in|failed with exit code|failed after|failed, though its exit code|stopped after) .*)$/s.exec(
      text,
    ) ?? [];
  if (name === undefined || said === undefined) return undefined;
  const outcome = word === 'passed in' ? 'passed' : word === 'stopped after' ? 'stopped' : 'failed';
  return { kind: 'ended', name, outcome, said };
}
