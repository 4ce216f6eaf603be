import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { valueWithin } from '../../async/deadline.js';
import { endMarked, WORKSPACE_VARIABLE } from './kill-by-env.js';
import { readPipe } from './pipe.js';

export interface GroupOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessGroup {
  /** What it writes, each to be read once. End soon after the first process has, whoever still holds them. */
  readonly stdout: AsyncIterable<string>;
  readonly stderr: AsyncIterable<string>;
  /** Resolves when the first process has ended and what it has left behind is too. Rejects when it can't be started. */
  readonly ended: Promise<Ending>;
  /** Asks all of the group to end, then insists: interrupt, terminate, kill. Resolves when it has ended. */
  stop(): Promise<void>;
}

export interface Ending {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/** How long each signal is given before the next, in milliseconds. */
export interface Patience {
  readonly interruptMs: number;
  readonly terminateMs: number;
}

export const PATIENCE: Patience = { interruptMs: 5_000, terminateMs: 5_000 };
/** A killed process that does not end hangs in the kernel, on a network drive for example: nobody can end it. */
const KILL_MS = 10_000;

/** Starts a program in a process group of its own, so that all it starts can be stopped with it. */
export function startGroup({ command, args, cwd, env }: GroupOptions, patience: Patience = PATIENCE): ProcessGroup {
  const child = spawn(command, [...args], { cwd, env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let giveUp: (ending: Ending) => void = () => undefined;
  const given = new Promise<Ending>((resolve) => {
    giveUp = resolve;
  });
  const ended = Promise.race([end(child, env[WORKSPACE_VARIABLE]), given]);
  ended.catch(() => undefined);
  return {
    stdout: readPipe(child.stdout, ended),
    stderr: readPipe(child.stderr, ended),
    ended,
    async stop() {
      signalGroup(child, 'SIGINT');
      if (await isOverWithin(patience.interruptMs, ended)) return;
      signalGroup(child, 'SIGTERM');
      if (await isOverWithin(patience.terminateMs, ended)) return;
      signalGroup(child, 'SIGKILL');
      if (!(await isOverWithin(KILL_MS, ended))) giveUp({ exitCode: undefined, signal: 'SIGKILL' });
    },
  };
}

async function end(child: ChildProcess, workspace: string | undefined): Promise<Ending> {
  // Rejects with the error of a program that can't be started.
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  // Whatever the step left running would go on beside the next step, and after the job.
  signalGroup(child, 'SIGKILL');
  if (workspace !== undefined) await endMarked(workspace);
  return { exitCode: exitCode ?? undefined, signal: signal ?? undefined };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group, or only somebody who is another user now: there is nothing more to do for us.
  }
}

/** Whether the work has ended, well or not, before `ms` milliseconds are over. */
async function isOverWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = work.then(
    () => true,
    () => true,
  );
  return (await valueWithin(ms, over)) ?? false;
}
