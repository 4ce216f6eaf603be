import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../../src/paths.js';

export interface HookyardProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything it has printed. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const DEADLINE_MS = 45_000;

/** Starts the real command line, and waits until the receiver answers, or the worker says that it runs. */
export async function startHookyard(
  args: readonly string[],
  { data, env }: { data: string; env: Record<string, string> },
): Promise<HookyardProcess> {
  const child = spawn(process.execPath, [join(packageRoot, 'bin/hookyard.mjs'), ...args], {
    cwd: packageRoot,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      HOOKYARD_DATA: data,
      HOOKYARD_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const exited = once(child, 'exit');
  const pid = child.pid ?? 0;
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  };
  const until = Date.now() + DEADLINE_MS;
  while (Date.now() < until && child.exitCode === null) {
    if (args[0] === 'worker' && output.includes('the worker runs')) return { url: '', pid, output: () => output, kill };
    const url = await addressOf(data, pid);
    if (url && (await fetch(`${url}/readyz`).catch(() => undefined))?.ok)
      return { url, pid, output: () => output, kill };
    await wait(50);
  }
  await kill('SIGKILL');
  throw new Error(`hookyard ${args.join(' ')} did not come up:\n${output}`);
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
