import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { onAbort } from '../../async/on-abort.js';
import type { HostStep, StepRan } from '../contract/index.js';
import { stepBeginsInWords, stepInWords } from '../contract/step-notes.js';
import type { JobLog } from './job-log.js';
import { heedMaskFile } from './masks/heed-mask-file.js';
import { hideInStep } from './masks/hide-in-step.js';
import type { OpenJob } from './open-job.js';
import type { ProcessExit, ProcessGroup } from './process-group.js';
import { KILLED } from './runners/told-exit.js';
import { createSpool } from './spool.js';
import { openStepFiles, type StepFiles, withoutStepFiles } from './step-files.js';
import { placeOf } from './step-place.js';
import { toldVariables } from './told-outputs.js';
import type { StepWatcher } from './watch-step.js';

/** Which attempt of which step is run, and until when. */
export interface StepRun {
  readonly step: HostStep;
  /** From 1. */
  readonly number: number;
  readonly attempt: number;
  /** Aborts when the run is cancelled, or the host lets go of the job. */
  readonly signal: AbortSignal;
  /** Ends it instead of the job's own time. It runs though a background step has ended. */
  readonly after?: AbortSignal | undefined;
  /** Called with each line that it prints, secrets masked. */
  readonly onLine?: (text: string) => void;
}

/** Why a step is stopped before it ends. */
type Stop =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'over' | 'late'; readonly because: string }
  | { readonly kind: 'died'; readonly because: string };

/** What a host lacks: another may have it, and this one later. */
const OF_THE_HOST = new Set(['EAGAIN', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EROFS']);

/**
 * Runs one attempt of a step of an open job. Resolves also where it fails, is stopped, or can't be begun: by what the step asks for, or
 * what those before have done to its workspace. Rejects where the host is out of something.
 */
export async function runStep(job: OpenJob, run: StepRun): Promise<StepRan> {
  const { step, number, attempt } = run;
  const { jobLog } = job;
  job.at = number;
  await jobLog.note(stepBeginsInWords({ number, of: job.input.steps, name: step.name, attempt }));
  const began = Date.now();
  const over = new AbortController();
  const watchers = [...(await watchersOf(job, run, over.signal)), run];
  const { at = Date.now(), ...end } = await ended(job, run, watchers)
    .finally(() => over.abort())
    .catch((error) => notBegun(job, error));
  const ran = { name: step.name, ...end, durationMs: at - began };
  await jobLog.note(`${step.name}: ${stepInWords(ran)}`);
  const stop = AbortSignal.any([run.signal, run.after ?? job.limit]);
  return hideInStep(await seen(ran, { watchers, jobLog, stop }), job.mask);
}

/** Returns those who look at a step. One that can't is noted: it is what those before have done to the workspace. */
async function watchersOf(
  job: OpenJob,
  { step, number, attempt }: StepRun,
  ended: AbortSignal,
): Promise<StepWatcher[]> {
  const watchers: StepWatcher[] = [];
  for (const watch of job.watch) {
    try {
      const watcher = watch({ job, step, number, attempt, ended });
      if (watcher) watchers.push(watcher);
    } catch (error) {
      await job.jobLog.note(`${step.name}: it is not looked at: ${(error as Error).message}`);
    }
  }
  return watchers;
}

/** `at`: when its processes had ended, Unix ms, where its output took longer to be dealt with. */
type End = Omit<StepRan, 'name' | 'durationMs'> & { readonly at?: number };

/** Returns how a step ended that broke before or beside its process. It would do so anywhere. */
function notBegun({ mask }: OpenJob, error: NodeJS.ErrnoException): End {
  if (OF_THE_HOST.has(error.code ?? '')) throw error;
  return { outcome: 'failed', because: mask(`it can't be run: ${error.message}`), final: true };
}

async function ended(job: OpenJob, run: StepRun, watchers: readonly StepWatcher[]): Promise<End> {
  const { step, number, signal } = run;
  // Of an attempt before: what this one does not say anew is not said.
  job.told.delete(number);
  const env = await job.environment(step);
  const place = await placeOf(job.workspace, step, { env, find: job.runner.findShell });
  if (typeof place === 'string') return { outcome: 'failed', because: place, final: true };
  const passOn = (group: ProcessGroup) => passOutputOn(group, { job, step: step.name, watchers });
  if (step.background)
    return job.background.start(job, { step, number, place, env: { ...env, ...withoutStepFiles() }, signal, passOn });
  const files = await openStepFiles(job.workspace);
  const heedNoMore = heedMaskFile(job, files.openMasks());
  const { command, args } = place.shell;
  const halted: { why?: Stop; group?: ProcessGroup; stopping?: Promise<void> | undefined } = {};
  const halt = (why: Stop) => {
    halted.why ??= why;
    halted.stopping ??= halted.group?.stop();
  };
  const listening = endsOf(job, run).map(({ at, why }) => onAbort(at, () => halt(why())));
  const { timeoutMs } = step;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => halt(late(timeoutMs)), timeoutMs);
  const hearNoMore = () => {
    clearTimeout(timer);
    for (const stopListening of listening) stopListening();
  };
  try {
    if (halted.why) return stopped(halted.why);
    const group = job.runner.start(
      { command, args: [...args, step.run], cwd: place.cwd, env: { ...env, ...files.env }, niceness: job.niceness },
      job.gracePeriods,
    );
    halted.group = group;
    const over = group.ended.finally(hearNoMore);
    const [exit, at] = await Promise.all([over, over.then(() => Date.now()), ...passOn(group)]);
    await halted.stopping;
    const end = halted.why ? { ...stopped(halted.why), ...codeOfStopped(halted.why, exit) } : endOf(exit);
    return { ...end, ...(await leftIn(files, { job, number }, end)), at };
  } catch (error) {
    await halted.group?.stop();
    throw error;
  } finally {
    hearNoMore();
    heedNoMore();
  }
}

/** Returns what ends a step from outside. */
function endsOf(
  { limit, background, input }: OpenJob,
  { signal, after }: StepRun,
): readonly { at: AbortSignal; why: () => Stop }[] {
  const cancelled = { at: signal, why: (): Stop => ({ kind: 'cancelled' }) };
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

function late(ms: number): Stop {
  return { kind: 'late', because: `it took more than ${ms / 1000} s` };
}

function stopped(stop: Stop): End {
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

/** One that takes too long answers our signals: its code is none that `retries` may mean by `exit:137`. */
function codeOfStopped({ kind }: Stop, exit: ProcessExit): Pick<End, 'exitCode'> {
  return kind === 'late' ? {} : codeOf(exit);
}

function endOf(exit: ProcessExit): End {
  if (exit.exitCode === 0) return { outcome: 'passed', exitCode: 0 };
  // A shell says by its exit code that what it ran was killed, the most likely one to be where memory runs out.
  const isKilled = exit.signal !== undefined || exit.exitCode === KILLED;
  return { outcome: 'failed', ...codeOf(exit), ...(isKilled && { killed: true }) };
}

/** As shells say it: 128 and the number of the signal. */
function codeOf({ exitCode, signal }: ProcessExit): Pick<End, 'exitCode'> {
  if (exitCode !== undefined) return { exitCode };
  const number = constants.signals[signal as NodeJS.Signals];
  return number === undefined ? {} : { exitCode: 128 + number };
}

/** Returns what a step left in its files. What can't be read fails one that had passed. */
async function leftIn(
  files: StepFiles,
  { job: { mask, told }, number }: { readonly job: OpenJob; readonly number: number },
  { outcome }: End,
): Promise<Partial<End>> {
  const { output, summary } = await files.read(mask);
  const said = summary === '' ? {} : { summary };
  const entries = output.kind === 'read' ? Object.entries(output.outputs) : [];
  const because = output.kind === 'refused' ? output.because : whyRefused(output.outputs, { mask, told, number });
  if (because !== undefined) {
    if (outcome !== 'passed') return said;
    return { ...said, outcome: 'failed', because: `what it wrote to $HOOKYARD_OUTPUT can't be read: ${because}` };
  }
  if (entries.length === 0) return said;
  told.set(number, Object.fromEntries(entries));
  return { ...said, outputs: Object.fromEntries(entries.map(([name, value]) => [name, mask(value)])) };
}

/** In characters, of all outputs of a job: they stand in its result, which a run may hand on. */
const MOST_TOLD = 256 * 1024;

/** Returns in words why outputs are not taken: names are shown as they are, and a job's outputs are bounded. */
function whyRefused(
  outputs: Readonly<Record<string, string>>,
  { mask, told, number }: Pick<OpenJob, 'mask' | 'told'> & { readonly number: number },
): string | undefined {
  if (Object.keys(outputs).some((name) => mask(name) !== name)) return 'a name holds a secret';
  const all = toldVariables(new Map([...told, [number, outputs]]));
  const size = Object.values(all).reduce((sum, value) => sum + value.length, 0);
  return size > MOST_TOLD ? `the outputs of all steps have more than ${MOST_TOLD / 1024} kB together` : undefined;
}

/** Passes output on to the log, which may take longer than the step: what waits for it does so in a file, so that memory stays bounded. */
function passOutputOn(
  group: ProcessGroup,
  { job: { jobLog, workspace }, step, watchers }: { job: OpenJob; step: string; watchers: readonly StepWatcher[] },
): Promise<void>[] {
  const looking = watchers.filter(({ onLine }) => onLine);
  return (['stdout', 'stderr'] as const).map(async (stream) => {
    const look = (text: string) => {
      for (const watcher of looking) watcher.onLine?.(text, stream);
    };
    const output = jobLog.output({ stream, step }, looking.length > 0 ? look : undefined);
    const name = `output-${randomUUID()}`;
    const spool = createSpool(group[stream], { folder: workspace.folder, name, over: group.ended });
    for await (const chunk of spool.chunks) await output.write(chunk);
    await spool.taken;
    await output.end();
  });
}

/** Lets those who look at a step add to what is known of it. */
async function seen(
  ran: StepRan,
  { watchers, jobLog, stop }: { watchers: readonly StepWatcher[]; jobLog: JobLog; stop: AbortSignal },
): Promise<StepRan> {
  let known = ran;
  for (const watcher of watchers) {
    try {
      known = { ...known, ...(await watcher.afterStep?.(known, stop)) };
    } catch (error) {
      await jobLog.note(`${ran.name}: ${(error as Error).message}`);
    }
  }
  return known;
}
