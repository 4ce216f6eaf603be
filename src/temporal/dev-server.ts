import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import getPort, { portNumbers } from 'get-port';
import type { Logger } from '../log.js';
import { isServing } from './is-serving.js';
import { forgetServer, noteServer, stopLeftover } from './leftover.js';

export interface DevServerOptions {
  readonly cli: string;
  readonly dataFolder: string;
  readonly searchAttributes: readonly { readonly name: string; readonly type: string }[];
  readonly log: Logger;
  /** Wanted ports; the next free one is taken when one is busy. Default 7233 and 8233. */
  readonly port?: number;
  readonly uiPort?: number;
}

export interface DevServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: () => number | undefined;
  /** Rejects when it has died more often than it is restarted. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

const START_MS = 30_000;
const STOP_MS = 10_000;
/** So many deaths within ten minutes are no accident any more. */
const MOST_DEATHS = 5;
const DEATHS_WITHIN_MS = 10 * 60_000;

/**
 * Measured to lift the runs per second on one machine: one partition per task queue, since one process serves all of
 * them, and no look at the database for search attributes with each start.
 */
const TUNING = [
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'system.forceSearchAttributesCacheRefreshOnRead=false',
];

/**
 * Runs Temporal's development server on a database file in the data folder, and restarts it on the same ports when it
 * dies. Throws with its last words when it does not come up.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { cli, dataFolder, log } = options;
  const database = join(dataFolder, 'temporal.db');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await stopLeftover(dataFolder, { database, log });
  const port = await freePort(options.port ?? 7233);
  const uiPort = await freePort(options.uiPort ?? 8233, port);
  const args = argumentsOf({ port, uiPort, database, searchAttributes: options.searchAttributes });
  const address = `127.0.0.1:${port}`;

  let child: ChildProcess | undefined;
  let stopping = false;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  const launch = async () => {
    // In a process group of its own: Ctrl-C on the terminal must reach it last, when nothing needs it any more.
    const started = spawn(cli, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    const lastWords = collect(started);
    started.once('error', () => undefined);
    await noteServer(dataFolder, { pid: started.pid ?? 0 });
    const until = Date.now() + START_MS;
    while (!(await isServing(address)) || hasEnded(started)) {
      if (hasEnded(started) || Date.now() > until) {
        started.kill('SIGKILL');
        throw new Error(`The Temporal server did not come up: ${lastWords() || `${cli} said nothing`}`);
      }
      await wait(50);
    }
    // Only one that was up dies; one that never came up is told by the error above.
    if (hasEnded(started)) void revive(started.exitCode ?? started.signalCode);
    else started.once('exit', (code, signal) => void revive(code ?? signal));
  };

  const deaths: number[] = [];
  /** Starts it again and again, more slowly each time, until it is up or has died too often. */
  const revive = async (how: unknown) => {
    let why = how;
    while (!stopping) {
      deaths.push(Date.now());
      const recent = deaths.filter((at) => at > Date.now() - DEATHS_WITHIN_MS).length;
      if (recent > MOST_DEATHS)
        return fail(new Error(`The Temporal server ended ${recent} times within ten minutes, the last time: ${why}`));
      log.error({ how: why }, 'the Temporal server ended: starting it again');
      await wait(Math.min(250 * 2 ** recent, 5_000));
      if (stopping) return;
      try {
        await launch();
        return log.info({ address }, 'the Temporal server is up again');
      } catch (error) {
        why = (error as Error).message;
      }
    }
  };

  await launch();
  return {
    address,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    pid: () => child?.pid,
    failed,
    async stop() {
      stopping = true;
      if (child) await end(child);
      await forgetServer(dataFolder);
    },
  };
}

function argumentsOf(options: {
  port: number;
  uiPort: number;
  database: string;
  searchAttributes: DevServerOptions['searchAttributes'];
}): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
    ...['--port', String(options.port), '--ui-port', String(options.uiPort), '--db-filename', options.database],
    ...options.searchAttributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ...TUNING.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

async function freePort(wanted: number, not?: number): Promise<number> {
  return getPort({ port: portNumbers(wanted, wanted + 200), host: '127.0.0.1', ...(not && { exclude: [not] }) });
}

function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/** Keeps the end of what a process says on its error stream. */
function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk).slice(-2_000);
  });
  return () => text.trim().split('\n').slice(-5).join('\n');
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}
