import { randomUUID } from 'node:crypto';
import { onAbort } from '../../async/on-abort.js';
import type { HostStep, StepRan } from '../contract/index.js';
import { stepBeginsInWords, stepInWords } from '../contract/step-notes.js';
import type { JobLog } from './job-log.js';
import { leftByStep } from './left-by-step.js';
import { heedMaskFile } from './masks/heed-mask-file.js';
import { hideInStep } from './masks/hide-in-step.js';
import type { OpenJob } from './open-job.js';
import type { ProcessGroup } from './process-group.js';
import { createSpool } from './spool.js';
import { codeOfStopped, endOf, endsOf, late, type StepEnd, type StepStop, stopped } from './step-end.js';
import { openStepFiles, withoutStepFiles } from './step-files.js';
import { placeOf } from './step-place.js';
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

/** Returns how a step ended that broke before or beside its process. It would do so anywhere. */
function notBegun({ mask }: OpenJob, error: NodeJS.ErrnoException): StepEnd {
  if (OF_THE_HOST.has(error.code ?? '')) throw error;
  return { outcome: 'failed', because: mask(`it can't be run: ${error.message}`), final: true };
}

async function ended(job: OpenJob, run: StepRun, watchers: readonly StepWatcher[]): Promise<StepEnd> {
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
  const halted: { why?: StepStop; group?: ProcessGroup; stopping?: Promise<void> | undefined } = {};
  const halt = (why: StepStop) => {
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
    return { ...end, ...(await leftByStep(files, { job, number }, end)), at };
  } catch (error) {
    await halted.group?.stop();
    throw error;
  } finally {
    hearNoMore();
    heedNoMore();
  }
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
