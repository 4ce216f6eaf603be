import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { searchAttributes } from '../../src/runs/search-attributes.js';
import { end, hasLostPort, spawnDevServer, untilUp } from '../../src/temporal/dev-server-process.js';
import { freeAddress } from '../support/harness/free-address.js';

const TRIES = 3;

/** A real Temporal server with its database in a file, which can be killed, stopped for a while and emptied. */
export interface Engine {
  readonly port: number;
  /** Starts it, on the database that it had. */
  start(): Promise<void>;
  kill(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Deletes its database. Kill it first. */
  empty(): Promise<void>;
}

export async function createEngine({ cli, folder }: { cli: string; folder: string }): Promise<Engine> {
  const database = join(folder, 'temporal.db');
  const [{ port }, { port: uiPort }] = [await freeAddress(), await freeAddress()];
  let child: ChildProcess | undefined;
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => void child?.kill(name);
  // A stopped one would not hear that this process ends.
  process.once('exit', () => signal('SIGCONT'));
  return {
    port,
    async start() {
      const options = { cli, port, ui: { host: '127.0.0.1', port: uiPort }, database, searchAttributes };
      for (let tries = 1; ; tries++)
        try {
          child = spawnDevServer(options);
          return await untilUp(child, options);
        } catch (error) {
          // What has a port that it takes by itself may be another's connection, which ends.
          if (tries === TRIES || !hasLostPort(error)) throw error;
        }
    },
    async kill() {
      if (child) await end(child, 'SIGKILL');
    },
    signal,
    async empty() {
      await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(`${database}${suffix}`, { force: true })));
    },
  };
}
