import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import getPort, { portNumbers } from 'get-port';
import { DeadlineError, withDeadline } from '../async/deadline.js';
import type { Logger } from '../log.js';
import {
  type DevServerProcessOptions,
  end,
  hasEnded,
  hasLostPort,
  isListening,
  spawnDevServer,
  untilUp,
} from './dev-server-process.js';
import { NoTemporalError } from './find-cli.js';
import { forgetBeginning, noteBeginning } from './first-start.js';
import { isServing } from './is-serving.js';
import { forgetServer, recordServer, stopOrphanedServer } from './orphaned-server.js';
import { createStartAgain, type Ended, type StartAgain } from './start-again.js';
import { startUiProxy, type UiProxy } from './ui-proxy.js';

/** How a development server is kept running. */
export interface DevServerOptions extends Pick<DevServerProcessOptions, 'cli' | 'searchAttributes' | 'besideReceiver'> {
  readonly dataFolder: string;
  readonly log: Logger;
  /** Preferred ports, 7233 and 8233 by default; a busy one is replaced by the next free one. */
  readonly port?: number;
  readonly uiPort?: number;
  /** Called when it has ended and its port is another's: it is started no more, and whoever uses it has to end. */
  readonly onLost?: (error: Error) => void;
}

/** A Temporal development server that is started again when it ends, for as long as it takes. */
export interface DevServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: () => number | undefined;
  /** Whether it had kept runs here before: then a start does not wait for it for long. */
  readonly wasHereBefore: boolean;
  /** Whether it has been up. */
  readonly wasUp: () => boolean;
  /** Resolves when it is up for the first time. */
  readonly up: Promise<void>;
  stop(): Promise<void>;
}

/** How often another process may take a free port before our server has it. */
const MAX_LOST_RACES = 3;
/** How long a start waits for a server that has kept runs here before: deliveries can be stored without it. */
const HOLD_MS = 5_000;
const NOT_RECORDED =
  "the Temporal server's process id could not be written down: should Hookyard be killed, end that server before the next start";
const SLOW = 'Temporal is slow to come up: deliveries are stored and answered meanwhile, and their runs wait';

/**
 * Runs Temporal's development server on a database file in the data folder, and restarts it on the same ports when it
 * ends. Throws an error with its last output if it does not come up, as long as it has never been up on this file. Later,
 * that is logged, and it is tried again, unless another has taken its port.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { cli, dataFolder, log, searchAttributes, besideReceiver } = options;
  const database = join(dataFolder, 'temporal.db');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await stopOrphanedServer(dataFolder, { database, log });
  const wasHereBefore = !(await noteBeginning(dataFolder, { database }));

  let child: ChildProcess | undefined;
  const stopping = new AbortController();
  let again: StartAgain | undefined;
  let hasBeenUp = false;
  let comesUp: () => void = () => undefined;
  const up = new Promise<void>((resolve) => {
    comesUp = resolve;
  });

  const startAgain = (wanted: DevServerProcessOptions, ended: Ended) => {
    const isTaken = () => isListening(wanted.port);
    const onTaken = () => options.onLost?.(new NoTemporalError(portIsTaken(wanted.port)));
    again ??= createStartAgain({ log, database, stopping: stopping.signal, isTaken, onTaken });
    void again(() => launch(wanted), ended);
  };
  const launch = async (wanted: DevServerProcessOptions) => {
    const started = spawnDevServer(wanted);
    child = started;
    // Together: if it ends before its process id is written down, the rejection must be handled.
    const recorded = recordServer(dataFolder, { pid: started.pid ?? 0 }).catch((error: Error) =>
      log.error({ because: error.message }, NOT_RECORDED),
    );
    await Promise.all([untilUp(started, wanted), recorded]);
    const ended = () => startAgain(wanted, { how: String(started.exitCode ?? started.signalCode) });
    // It may have ended while its process id was written down.
    if (hasEnded(started)) ended();
    else started.once('exit', ended);
    await forgetBeginning(dataFolder);
    hasBeenUp = true;
    comesUp();
  };
  /** Waits until it is up for the first time; where it was here before, not for long. */
  const begin = async (wanted: DevServerProcessOptions) => {
    const launched = launch(wanted);
    if (!wasHereBefore) return launched;
    const later = (error: Error) => startAgain(wanted, { how: error.message, neverUp: true });
    try {
      await withDeadline({ ms: HOLD_MS }, () => launched);
    } catch (error) {
      if (error instanceof DeadlineError) {
        log.error({ file: database, forMs: HOLD_MS }, SLOW);
        launched.catch(later);
        return;
      }
      // A program that can't be called, or a port that can't be had, is for the caller.
      if (child?.pid === undefined || (await lostRace(error, wanted))) throw error;
      later(error as Error);
    }
  };

  const uiHost = hiddenLoopback();
  const hidden = { host: uiHost, port: await getPort({ host: uiHost }) };
  const { port, uiPort, proxy } = await launchOnFreePorts(options, async ({ port, uiPort }) => {
    const opened = await startUiProxy({ port: uiPort, ui: hidden });
    try {
      await begin({ cli, database, searchAttributes, besideReceiver, port, ui: hidden });
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
    wasHereBefore,
    wasUp: () => hasBeenUp,
    up,
    async stop() {
      stopping.abort();
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
      if (races === MAX_LOST_RACES || !(await lostRace(error, { port }))) throw error;
    }
  }
}

/** Returns whether a server that has ended, or was not started, did so since another was faster on one of its ports. */
async function lostRace(error: unknown, { port }: Pick<Ports, 'port'>): Promise<boolean> {
  return hasLostPort(error) || (await isServing(`127.0.0.1:${port}`));
}

function portIsTaken(port: number): string {
  return `The Temporal server has ended, and another process has taken its port ${port} since: start Hookyard again, which then takes the next free one`;
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
