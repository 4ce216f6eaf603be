import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../../../src/paths.js';

export interface HookyardProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything it has printed. */
  output(): string;
  isRunning(): boolean;
  /** Without waiting for what it does: to stop it for a while, and let it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** From now on nobody reads what it prints. */
  stopReading(): void;
  /** Answers the exit code; null after a signal. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const DEADLINE_MS = 120_000;
/** What a terminal sends to its own session only, and what ends a test process. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Starts the real command line, and waits until the receiver answers, or the worker says that it runs. */
export async function startHookyard(
  args: readonly string[],
  { data, env }: { data: string; env: Record<string, string> },
): Promise<HookyardProcess> {
  const child = spawn(process.execPath, [join(packageRoot, 'bin/hookyard.mjs'), ...args], {
    // A session of its own, as a service has: what it makes nicer than itself has its time from that, and not behind all other tests.
    detached: true,
    cwd: packageRoot,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      HOOKYARD_DATA: data,
      HOOKYARD_PORT: '0',
      HOOKYARD_METRICS_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithThisProcess(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const exited = once(child, 'exit');
  const pid = child.pid ?? 0;
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const kill = async (signal: NodeJS.Signals) => {
    if (isRunning()) {
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  };
  const started = (url: string): HookyardProcess => ({
    url,
    pid,
    output: () => output,
    isRunning,
    signal: (signal) => void child.kill(signal),
    stopReading() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    kill,
  });
  const until = Date.now() + DEADLINE_MS;
  while (Date.now() < until && isRunning()) {
    if (args[0] === 'worker' && output.includes('the worker runs')) return started('');
    const url = await addressOf(data, pid);
    if (url && (await fetch(`${url}/readyz`).catch(() => undefined))?.ok) return started(url);
    await wait(50);
  }
  await kill('SIGKILL');
  throw new Error(`hookyard ${args.join(' ')} did not come up:\n${output}`);
}

/** Should the tests be ended from outside, nobody else would end it; one that is stopped hears of nothing but SIGKILL. */
function endWithThisProcess(child: ChildProcess): void {
  const end = () => void child.kill('SIGKILL');
  const endBoth = (signal: NodeJS.Signals) => {
    end();
    process.kill(process.pid, signal);
  };
  process.once('exit', end);
  for (const signal of ENDING) process.once(signal, endBoth);
  child.once('exit', () => {
    process.off('exit', end);
    for (const signal of ENDING) process.off(signal, endBoth);
  });
}

async function addressOf(data: string, pid: number): Promise<string | undefined> {
  const text = await readFile(join(data, 'running.json'), 'utf8').catch(() => '{}');
  try {
    const running = JSON.parse(text) as { pid?: number; url?: string };
    return running.pid === pid ? running.url : undefined;
  } catch {
    return undefined;
  }
}
