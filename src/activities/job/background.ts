import { StringDecoder } from 'node:string_decoder';
import { setTimeout as wait } from 'node:timers/promises';
import { onAbort } from '../../async/on-abort.js';
import type { HostStep, StepRan } from '../contract/index.js';
import { BACKGROUND_VARIABLE } from './kill-by-env.js';
import { createLineSplitter, type LineCommands } from './lines.js';
import type { GracePeriods, ProcessGroup } from './process-group.js';
import type { Runner } from './runners/runner.js';
import type { StepPlace } from './step-place.js';
import { createTail } from './tail.js';

/** What of a job its background steps need. */
export interface BackgroundJob {
  readonly input: { readonly timeoutMs: number };
  /** Aborts when the job's time is over. */
  readonly limit: AbortSignal;
  readonly gracePeriods: GracePeriods;
  readonly runner: Runner;
  readonly niceness?: number;
  readonly mask: (text: string) => string;
  readonly commands: LineCommands;
}

/** The steps of a job that run beside the others. */
export interface Background {
  /** Aborts when one ends before the job does; the reason says which, and how, in words. */
  readonly died: AbortSignal;
  /** Starts one, and resolves once it is ready, or to why it is not. Rejects where the system starts no such process. */
  start(job: BackgroundJob, step: BackgroundStep): Promise<Omit<StepRan, 'name' | 'durationMs'>>;
  /** Stops all of them with what they have started. Resolves when they have ended and their output is in the log. */
  stop(): Promise<void>;
}

/** One of them, and what it runs in. */
export interface BackgroundStep {
  readonly step: HostStep;
  readonly number: number;
  readonly place: StepPlace;
  readonly env: Readonly<Record<string, string>>;
  /** Aborts when nobody waits any more for it to be ready. */
  readonly signal: AbortSignal;
  /** Passes its output on. */
  readonly passOn: (group: ProcessGroup) => Promise<void>[];
}

const READY_MS = 60_000;
/** One check, in milliseconds, and the pause after one that fails. */
const CHECK_MS = 10_000;
const PAUSE_MS = 250;
/** In characters: what the last check has printed. */
const SHOWN = 500;

/** Returns the background steps of one job: none yet. */
export function createBackground(): Background {
  const started = new Set<Started>();
  const died = new AbortController();
  let isStopping = false;
  let stopping: Promise<void> | undefined;

  const launch = (job: BackgroundJob, { step, number, place, env, passOn }: BackgroundStep) => {
    const { cwd, shell } = place;
    const { command, args } = shell;
    const { gracePeriods, niceness, runner } = job;
    const group = runner.start(
      { command, args: [...args, step.run], cwd, env: { ...env, [BACKGROUND_VARIABLE]: String(number) }, niceness },
      gracePeriods,
    );
    const ended = group.ended.then(
      ({ exitCode, signal }) => `ended with ${signal ?? `exit code ${exitCode}`} before the job did`,
      (error: Error) => `can't be started: ${error.message}`,
    );
    void ended.then((how) => {
      if (!isStopping) died.abort(`"${step.name}", which runs in the background, ${how}`);
    });
    started.add({ group, done: Promise.allSettled([ended, ...passOn(group)]) });
  };

  return {
    died: died.signal,
    async start(job, background) {
      const { step, place, env, signal } = background;
      const timeoutMs = step.timeoutMs ?? READY_MS;
      const over = new AbortController();
      const ends = [signal, job.limit, died.signal].map((one) => onAbort(one, () => over.abort()));
      const timer = setTimeout(() => over.abort(), timeoutMs);
      try {
        if (!over.signal.aborted) launch(job, background);
        let said = '';
        let isReady = step.ready === undefined && !over.signal.aborted;
        while (!isReady && !over.signal.aborted) {
          const check = await checked(job, { ready: step.ready ?? '', place, env, signal: over.signal });
          isReady = check.isReady;
          if (isReady || over.signal.aborted) break;
          said = check.said;
          await wait(PAUSE_MS, undefined, { signal: over.signal }).catch(() => undefined);
        }
        if (died.signal.aborted) return { outcome: 'failed', because: String(died.signal.reason), final: true };
        if (signal.aborted) return { outcome: 'timed_out' };
        if (job.limit.aborted)
          return {
            outcome: 'timed_out',
            over: true,
            because: `the job took more than ${job.input.timeoutMs / 1000} s`,
          };
        if (isReady) return { outcome: 'passed' };
        const last = said === '' ? 'printed nothing' : `said: ${said}`;
        return { outcome: 'failed', because: `not ready within ${timeoutMs / 1000} s; its check last ${last}` };
      } finally {
        clearTimeout(timer);
        for (const stopListening of ends) stopListening();
      }
    },
    stop() {
      isStopping = true;
      const end = async ({ group, done }: Started) => {
        await group.stop();
        await done;
      };
      stopping ??= Promise.all([...started].map(end)).then(() => undefined);
      return stopping;
    },
  };
}

interface Started {
  readonly group: ProcessGroup;
  /** Resolves when it has ended and its output is in the log. */
  readonly done: Promise<unknown>;
}

interface Check {
  readonly ready: string;
  readonly place: StepPlace;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Asks once whether a step is ready. */
async function checked(
  { gracePeriods, niceness, runner, mask, commands }: BackgroundJob,
  { ready, place, env, signal }: Check,
): Promise<{ readonly isReady: boolean; readonly said: string }> {
  const { command, args } = place.shell;
  const group = runner.start({ command, args: [...args, ready], cwd: place.cwd, env, niceness }, gracePeriods);
  const tail = createTail();
  const read = async (stream: AsyncIterable<Buffer>) => {
    const [lines, decoder] = [createLineSplitter(mask, commands), new StringDecoder('utf8')];
    for await (const chunk of stream) tail.addAll(lines.add(decoder.write(chunk)));
    tail.addAll([...lines.add(decoder.end()), ...lines.end()]);
  };
  const stop = () => void group.stop();
  const off = onAbort(signal, stop);
  const timer = setTimeout(stop, CHECK_MS);
  try {
    const [exit] = await Promise.all([group.ended, read(group.stdout), read(group.stderr)]);
    return { isReady: exit.exitCode === 0, said: tail.read().trim().slice(-SHOWN) };
  } catch (error) {
    return { isReady: false, said: (error as Error).message };
  } finally {
    clearTimeout(timer);
    off();
  }
}
