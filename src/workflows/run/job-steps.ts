import { msToNumber } from '@temporalio/common/lib/time.js';
import { CancellationScope, CancelledFailure, isCancellation, sleep } from '@temporalio/workflow';
import type { HostStep, JobStep, StepRan, StepResult, StepRetries } from '../../activities/contract/index.js';
import { truncate } from '../../events/truncate.js';
import type { Host } from './host.js';
import { toldSteps } from './told-steps.js';

/** What a job's steps came to. */
export interface StepsRan {
  readonly results: readonly StepResult[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** What one step of a job came to. */
export interface StepKnown {
  readonly result: StepResult;
  readonly outputs?: Readonly<Record<string, string>> | undefined;
  readonly summary?: string | undefined;
}

/** What the steps of a job share. */
export interface StepsOptions {
  /** Of the whole job, in milliseconds. */
  readonly timeoutMs: number;
  /** What the steps may take together that run once it has not passed, in milliseconds. */
  readonly afterMs: number;
  /** The job is not tried again: what fails now is its last word. */
  readonly isFinal: boolean;
  /** A step with `always` that is at work goes on to its end where the run is cancelled meanwhile. Not so in runs that an older version started. */
  readonly alwaysEnds?: boolean;
  /** What is known of the job's steps, by their number from 1, from whatever host: those that run are added. */
  readonly known: Map<number, StepKnown>;
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
 * Runs a job's steps on its host, in order, and each again as its `retries` say; where the host goes on in a snapshot, those that it was
 * made after. Once one has not passed, only those run that say so in `if`. Those with `always` run, to their end, also where the run is
 * cancelled; then throws the `CancelledFailure`.
 */
export async function runSteps(host: Host, steps: readonly JobStep[], options: StepsOptions): Promise<StepsRan> {
  const { known } = options;
  const all: StepKnown[] = [];
  let cancelled: { readonly by: unknown } | undefined;
  const skipped = ({ name }: JobStep): StepKnown => ({ result: { name, outcome: 'skipped', durationMs: 0 } });
  const add = (number: number, step: StepKnown): void => {
    all.push(step);
    // What was lost with its host, or cancelled, is not what a step came to.
    if (!cancelled) known.set(number, step);
  };
  for (const [i, step] of steps.entries()) {
    const number = i + 1;
    const before = number <= host.after && !step.background ? known.get(number) : undefined;
    if (before) {
      all.push(before);
      continue;
    }
    const hasFailed = all.some(({ result }) => stopsJob(result));
    if (!isWanted(step, { hasFailed, isCancelled: cancelled !== undefined }) || (cancelled && host.isLost())) {
      add(number, skipped(step));
      continue;
    }
    const done = host.done.find((one) => one.number === number);
    if (done && !step.background) {
      const { outputs, summary: _, ...ran } = done.ran;
      add(number, { result: { ...resultOf(step, ran), before: true }, outputs });
      continue;
    }
    // Where its host is lost, it begins anew elsewhere.
    if (!host.isLost()) options.onStep(`step ${number} of ${steps.length}: ${step.name}`);
    const isAfter = hasFailed || cancelled !== undefined;
    const run = () => runInTurn(host, step, { number, isAfter, ...options });
    const isShielded = options.alwaysEnds === true && step.if === 'always';
    try {
      const { outputs, summary, ...ran } = await (cancelled || isShielded
        ? CancellationScope.nonCancellable(run)
        : run());
      if (isShielded && CancellationScope.current().consideredCancelled)
        cancelled ??= { by: new CancelledFailure('cancelled while a step was at work that always runs') };
      const result = resultOf(step, ran);
      add(number, { result, outputs, summary });
      if (isAfter) continue;
      // As it is now: what runs at the end may clear it.
      if (stopsJob(result)) await host.keep(number, toldSteps(steps.map(hostStepOf)));
      else if (step.snapshot && number < steps.length) await host.snapshot(number);
    } catch (error) {
      if (!isCancellation(error)) throw error;
      cancelled ??= { by: error };
      if (all.length < number) add(number, skipped(step));
    }
  }
  if (cancelled) throw cancelled.by;
  return {
    results: all.map(({ result }) => result),
    outputs: Object.assign({}, ...all.map(({ outputs }) => outputs)),
    summary: all.flatMap(({ summary }) => summary ?? []).join('\n\n'),
  };
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
