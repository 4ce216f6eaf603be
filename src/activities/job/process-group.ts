import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { NICER_BY } from '../../niceness.js';
import { signalGroup, stopGroup } from '../stop-group.js';
import { environmentOf } from './find-processes.js';
import { isOf, killByEnv, WORKSPACE_VARIABLE, whoseOf } from './kill-by-env.js';
import { laterThan, pidsNow } from './later-pids.js';
import { lowerPriority } from './low-priority.js';
import { readPipe } from './pipe.js';
import { stopTree } from './stop-tree.js';
import { withPipes } from './with-pipes.js';

/** What a process group runs, and where. */
export interface GroupOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** By how much it is nicer than the worker: the receiver, Temporal and workflows go before, which it would hold up for minutes. */
  readonly niceness?: number | undefined;
}

/** A process and all that it has started. */
export interface ProcessGroup {
  /**
   * Its output, each stream to be read once. They end soon after the first process, even if another holds them open.
   */
  readonly stdout: AsyncIterable<Buffer>;
  readonly stderr: AsyncIterable<Buffer>;
  /** Resolves when the first process and all that it left behind have ended. Rejects when it can't be started. */
  readonly ended: Promise<ProcessExit>;
  /** Stops all of it: SIGINT, then SIGTERM, then SIGKILL. Resolves when it has ended, or can't be killed. */
  stop(): Promise<void>;
}

/** How a process has ended. */
export interface ProcessExit {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/** How long to wait after a signal before the next one, in milliseconds. */
export interface GracePeriods {
  readonly interruptMs: number;
  readonly terminateMs: number;
}

/** How long a process group has to end by itself after each signal. */
export const GRACE_PERIODS: GracePeriods = { interruptMs: 5_000, terminateMs: 5_000 };
/** A killed process that does not end hangs in the kernel, on a network drive for example: nothing can end it. */
export const KILL_MS = 10_000;

/** A process whose output is read. */
export type PipedProcess = ChildProcessByStdio<null, Readable, Readable>;

/** Starts a program in a process group of its own, so that all that it starts can be stopped with it. */
export function startGroup(
  { command, args, cwd, env, niceness = NICER_BY }: GroupOptions,
  { interruptMs, terminateMs }: GracePeriods = GRACE_PERIODS,
): ProcessGroup {
  const pids = pidsNow();
  const child = withPipes(
    spawn(command, [...args], { cwd, env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  lowerPriority(child, niceness);
  const [workspace, whose] = [env[WORKSPACE_VARIABLE], whoseOf(env)];
  const first = child.pid === undefined ? undefined : { pid: child.pid, pids };
  // Rejects with the error of a program that can't be started.
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  let stopping: Promise<void> | undefined;
  const end = exit.then(async ([exitCode, signal]): Promise<ProcessExit> => {
    // What is stopped has its time to clean up also where its first process did not wait for it.
    await stopping;
    // What the step left running would run on beside the next step, and after the job.
    signalGroup(child.pid, 'SIGKILL');
    if (workspace !== undefined) await killByEnv(workspace, whose, first);
    return { exitCode: exitCode ?? undefined, signal: signal ?? undefined };
  });
  return groupOf(child, end, async (over) => {
    const isOurs = async (pid: number) => workspace !== undefined && isOf(await environmentOf(pid), workspace, whose);
    const among = () => first && laterThan(first, pidsNow());
    stopping ??= stopTree({ pid: child.pid, first: exit, isOurs, among }, [
      { signal: 'SIGINT', waitMs: interruptMs },
      { signal: 'SIGTERM', waitMs: terminateMs },
    ]);
    await stopping;
    return stopGroup(child.pid, over, [{ signal: 'SIGKILL', waitMs: KILL_MS }]);
  });
}

/**
 * Returns a process that was started as a group. `end`: see {@link ProcessGroup.ended}; `stopAll` stops it, and returns whether it has
 * ended then.
 */
export function groupOf(
  { stdout, stderr }: Pick<PipedProcess, 'stdout' | 'stderr'>,
  end: Promise<ProcessExit>,
  stopAll: (ended: Promise<ProcessExit>) => Promise<boolean>,
): ProcessGroup {
  let giveUp: (exit: ProcessExit) => void = () => undefined;
  const abandoned = new Promise<ProcessExit>((resolve) => {
    giveUp = resolve;
  });
  const ended = Promise.race([end, abandoned]);
  let hasEnded = false;
  const over = () => {
    hasEnded = true;
  };
  ended.then(over, over);
  return {
    stdout: readPipe(stdout, ended),
    stderr: readPipe(stderr, ended),
    ended,
    async stop() {
      // Its number may be that of another by now.
      if (!hasEnded && !(await stopAll(ended))) giveUp({ exitCode: undefined, signal: 'SIGKILL' });
    },
  };
}
