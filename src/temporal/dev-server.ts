import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import getPort, { portNumbers } from 'get-port';
import type { Logger } from '../log.js';
import { type DevServerProcessOptions, end, hasLostPort, spawnDevServer, untilUp } from './dev-server-process.js';
import { isServing } from './is-serving.js';
import { forgetServer, recordServer, stopOrphanedServer } from './orphaned-server.js';
import { startUiProxy, type UiProxy } from './ui-proxy.js';

/** How a development server is kept running. */
export interface DevServerOptions {
  readonly cli: string;
  readonly dataFolder: string;
  readonly searchAttributes: readonly { readonly name: string; readonly type: string }[];
  readonly log: Logger;
  /** Preferred ports, 7233 and 8233 by default; a busy one is replaced by the next free one. */
  readonly port?: number;
  readonly uiPort?: number;
}

/** A Temporal development server that is started again when it ends. */
export interface DevServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: () => number | undefined;
  /** Rejects when it has ended too often to be restarted. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** A server that ends more often than this within ten minutes is not restarted. */
const MAX_EXITS = 5;
const EXITS_WITHIN_MS = 10 * 60_000;
/** How often another process may take a free port before our server has it. */
const MAX_LOST_RACES = 3;

/**
 * Runs Temporal's development server on a database file in the data folder, and restarts it on the same ports when it
 * ends. Throws an error with its last output if it does not come up.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { cli, dataFolder, log, searchAttributes } = options;
  const database = join(dataFolder, 'temporal.db');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await stopOrphanedServer(dataFolder, { database, log });

  let child: ChildProcess | undefined;
  let stopping = false;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  const launch = async (wanted: DevServerProcessOptions) => {
    const started = spawnDevServer(wanted);
    child = started;
    // Together: if it ends before its process id is written down, the rejection must be handled.
    await Promise.all([untilUp(started, wanted), recordServer(dataFolder, { pid: started.pid ?? 0 })]);
    // Only a server that was up is restarted; the error says why one did not come up.
    started.once('exit', (code, signal) => void restart(wanted, code ?? signal));
  };

  const exits: number[] = [];
  /** Starts it again, with a longer pause each time, until it is up or has ended too often. */
  const restart = async (wanted: DevServerProcessOptions, how: unknown) => {
    for (let why = how; !stopping; ) {
      exits.push(Date.now());
      const recent = exits.filter((at) => at > Date.now() - EXITS_WITHIN_MS).length;
      if (recent > MAX_EXITS)
        return fail(new Error(`The Temporal server ended ${recent} times within ten minutes, the last time: ${why}`));
      log.error({ how: why }, 'the Temporal server ended: starting it again');
      await wait(Math.min(250 * 2 ** recent, 5_000));
      if (stopping) return;
      try {
        await launch(wanted);
        return log.info({ port: wanted.port }, 'the Temporal server is up again');
      } catch (error) {
        why = (error as Error).message;
      }
    }
  };

  const uiHost = hiddenLoopback();
  const hidden = { host: uiHost, port: await getPort({ host: uiHost }) };
  const { port, uiPort, proxy } = await launchOnFreePorts(options, async ({ port, uiPort }) => {
    const opened = await startUiProxy({ port: uiPort, ui: hidden });
    try {
      await launch({ cli, database, searchAttributes, port, ui: hidden });
      return opened;
    } catch (error) {
      await opened.stop();
      throw error;
    }
  });
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    pid: () => child?.pid,
    failed,
    async stop() {
      stopping = true;
      await proxy.stop();
      if (child) await end(child);
      await forgetServer(dataFolder);
    },
  };
}

interface Ports {
  readonly port: number;
  readonly uiPort: number;
}

async function launchOnFreePorts(
  { port: wanted = 7233, uiPort: wantedUi = 8233 }: DevServerOptions,
  launch: (ports: Ports) => Promise<UiProxy>,
): Promise<Ports & { readonly proxy: UiProxy }> {
  for (let races = 1; ; races++) {
    const port = await freePort(wanted);
    const uiPort = await freePort(wantedUi, port);
    try {
      return { port, uiPort, proxy: await launch({ port, uiPort }) };
    } catch (error) {
      // Ours has ended, or was not started: what has one of the ports is another's, which was faster.
      const lost = hasLostPort(error) || (await isServing(`127.0.0.1:${port}`));
      if (races === MAX_LOST_RACES || !lost) throw error;
    }
  }
}

async function freePort(wanted: number, not?: number): Promise<number> {
  return getPort({ port: portNumbers(wanted, wanted + 200), host: '127.0.0.1', ...(not && { exclude: [not] }) });
}

/**
 * Returns an address of the loopback interface that nobody guesses, for what is to be reached through {@link startUiProxy}
 * alone. Linux has 127.0.0.0/8 for it, other systems 127.0.0.1 alone.
 */
function hiddenLoopback(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.${[randomInt(256), randomInt(256), randomInt(1, 255)].join('.')}`;
}
