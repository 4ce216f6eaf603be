import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface GroupOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessGroup {
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  /** Resolves when the first process has ended and its output is read. Rejects when it can't be started. */
  readonly ended: Promise<{ exitCode: number | undefined; signal: string | undefined }>;
  /** Asks all of the group to end, then insists: interrupt, terminate, kill. Resolves when it has ended. */
  stop(): Promise<void>;
}

/** How long each signal is given before the next, in milliseconds. */
export interface Patience {
  readonly interruptMs: number;
  readonly terminateMs: number;
}

export const PATIENCE: Patience = { interruptMs: 5_000, terminateMs: 5_000 };
/** For output that is still in the pipe; a process left in the background holds it open for ever. */
const PIPES_MS = 500;

/** Starts a program in a process group of its own, so that all it starts can be stopped with it. */
export function startGroup({ command, args, cwd, env }: GroupOptions, patience: Patience = PATIENCE): ProcessGroup {
  const child = spawn(command, [...args], { cwd, env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { stdout, stderr } = child;
  const ended = end(child);
  ended.catch(() => undefined);
  return {
    stdout,
    stderr,
    ended,
    async stop() {
      signalGroup(child, 'SIGINT');
      if (await within(patience.interruptMs, ended)) return;
      signalGroup(child, 'SIGTERM');
      if (await within(patience.terminateMs, ended)) return;
      signalGroup(child, 'SIGKILL');
      await ended.catch(() => undefined);
    },
  };
}

async function end(child: ChildProcess): Promise<{ exitCode: number | undefined; signal: string | undefined }> {
  const closed = once(child, 'close');
  closed.catch(() => undefined);
  // Rejects with the error of a program that can't be started.
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  // Whatever the step left running in its group would go on beside the next step, and after the job.
  signalGroup(child, 'SIGKILL');
  await within(PIPES_MS, closed);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { exitCode: exitCode ?? undefined, signal: signal ?? undefined };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Nobody is left in the group.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
