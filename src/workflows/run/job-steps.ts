import { msToNumber } from '@temporalio/common/lib/time.js';
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { HostStep, JobStep, StepRan, StepResult, StepRetries } from '../../activities/contract/index.js';
import { truncate } from '../../events/truncate.js';
import type { Host } from './host.js';

/** What a job's steps came to. */
export interface StepsRan {
  readonly results: readonly StepResult[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** What the steps of a job share. */
export interface StepsOptions {
  /** Of the whole job, in milliseconds. */
  readonly timeoutMs: number;
  /** What the steps may take together that run once it has not passed, in milliseconds. */
  readonly afterMs: number;
  /** The job is not tried again: what fails now is its last word. */
  readonly isFinal: boolean;
  /** Called when a step begins, with what is known of it in words. */
  readonly onStep: (words: string) => void;
}

/** Beyond the time that a step has by itself: for its end, in milliseconds. */
const SPARE_MS = 120_000;
/** In milliseconds, doubled each time. */
const PAUSE = { firstMs: 1_000, longestMs: 30_000 };
/** In characters: of a summary in Temporal. */
const MAX_SUMMARY = 100;

/**
 * Runs a job's steps on its host, in order, and each again as its `retries` say. Once one has not passed, only those run that say so in
 * `if`. Those with `always` run also after the run was cancelled; then throws the `CancelledFailure`.
 */
export async function runSteps(host: Host, steps: readonly JobStep[], options: StepsOptions): Promise<StepsRan> {
  const results: StepResult[] = [];
  const outputs: Record<string, string> = {};
  const summaries: string[] = [];
  let cancelled: { readonly by: unknown } | undefined;
  for (const [i, step] of steps.entries()) {
    const hasFailed = results.some(stopsJob);
    if (!isWanted(step, { hasFailed, isCancelled: cancelled !== undefined }) || (cancelled && host.isLost())) {
      results.push({ name: step.name, outcome: 'skipped', durationMs: 0 });
      continue;
    }
    const number = i + 1;
    const done = host.done.find((one) => one.number === number);
    if (done && !step.background) {
      const { outputs: told, summary: _, ...ran } = done.ran;
      Object.assign(outputs, told);
      results.push({ ...resultOf(step, ran), before: true });
      continue;
    }
    options.onStep(`step ${number} of ${steps.length}: ${step.name}`);
    const isAfter = hasFailed || cancelled !== undefined;
    const run = () => runInTurn(host, step, { number, isAfter, ...options });
    try {
      const { outputs: told, summary, ...ran } = await (cancelled ? CancellationScope.nonCancellable(run) : run());
      Object.assign(outputs, told);
      if (summary !== undefined) summaries.push(summary);
      const result = resultOf(step, ran);
      // As it is now: what runs at the end may clear it.
      if (stopsJob(result) && !isAfter) await host.keep(number);
      results.push(result);
    } catch (error) {
      if (!isCancellation(error)) throw error;
      cancelled ??= { by: error };
      results.push({ name: step.name, outcome: 'skipped', durationMs: 0 });
    }
  }
  if (cancelled) throw cancelled.by;
  return { results, outputs, summary: summaries.join('\n\n') };
}

/** Returns whether a job does not pass because of a step. */
export function stopsJob({ outcome, continued }: StepResult): boolean {
  return (outcome === 'failed' || outcome === 'timed_out') && continued !== true;
}

function isWanted(
  { if: when }: JobStep,
  { hasFailed, isCancelled }: { hasFailed: boolean; isCancelled: boolean },
): boolean {
  if (when === 'always') return true;
  return !isCancelled && (when === 'failure') === hasFailed;
}

/** Runs one step until it passes, or is not to run again. */
async function runInTurn(
  host: Host,
  step: JobStep,
  { number, isAfter, isFinal, timeoutMs, afterMs }: StepsOptions & { number: number; isAfter: boolean },
): Promise<StepRan & { readonly attempts?: number }> {
  const mostMs = timeoutMs + afterMs + SPARE_MS;
  const input = { number, ...(isAfter && { afterMs }) };
  for (let attempt = 1; ; attempt++) {
    const summary = `${truncate(step.name, MAX_SUMMARY)}${attempt > 1 ? ` (attempt ${attempt})` : ''}`;
    const hostStep = { ...hostStepOf(step), ...(isFinal && turnsRed(step, attempt) && { turnsRed: true as const }) };
    const ran = await host.step({ ...input, step: hostStep, attempt }, { summary, mostMs });
    const isLast = ran.outcome === 'passed' || attempt > (step.retries?.limit ?? 0) || !isMeant(ran, step.retries);
    if (isLast) return attempt > 1 ? { ...ran, attempts: attempt } : ran;
    await sleep(Math.min(PAUSE.firstMs * 2 ** (attempt - 1), PAUSE.longestMs));
  }
}

/** Returns whether an attempt of a step that fails has its job fail: nothing follows that might mend it. */
function turnsRed({ continueOnError, retries }: JobStep, attempt: number): boolean {
  if (continueOnError) return false;
  // Whatever it is tried again for: a step that has said of a failing test may still be killed, or take too long.
  return attempt > (retries?.limit ?? 0);
}

/** Returns whether a step is to run again after such an end. */
function isMeant(
  { outcome, exitCode, killed, over, final }: StepRan,
  { on = ['failed'] }: Partial<StepRetries> = {},
): boolean {
  if (over || final) return false;
  return on.some((when) => {
    if (when === 'lost') return killed === true;
    if (when === 'timeout') return outcome === 'timed_out';
    if (when === 'failed') return outcome === 'failed';
    return exitCode === Number(when.slice('exit:'.length));
  });
}

/** Returns what a host has to know of a step. */
export function hostStepOf(step: JobStep): HostStep {
  const { name, run, env, dir, shell, timeout, background, ready, tests, problems = [] } = step;
  return {
    ...{ name, run },
    ...(env && { env }),
    ...(dir !== undefined && { dir }),
    ...(shell !== undefined && { shell }),
    ...(timeout !== undefined && { timeoutMs: msToNumber(timeout) }),
    ...(background && { background }),
    ...(ready !== undefined && { ready }),
    ...(tests !== undefined && { tests: typeof tests === 'string' ? [tests] : tests }),
    ...(!background && problems !== false && { problems }),
  };
}

function resultOf({ continueOnError }: JobStep, ran: StepRan): StepResult {
  const { killed: _, over: __, final: ___, ...result } = ran;
  const isContinued = continueOnError === true && result.outcome !== 'passed' && !ran.over;
  return { ...result, ...(isContinued && { continued: true }) };
}
