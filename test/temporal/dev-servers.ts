import { pino } from 'pino';
import { afterEach, beforeEach, inject } from 'vitest';
import { searchAttributes } from '../../src/runs/search-attributes.js';
import { type DevServer, type DevServerOptions, startDevServer } from '../../src/temporal/dev-server.js';
import { freeAddress } from '../support/harness/free-address.js';
import { tempFolder } from '../support/temp-folder.js';

export interface DevServers {
  /** The data folder of this test. */
  readonly folder: string;
  /** Starts a server there, on a port and the next, by default free ones; it is stopped after the test. */
  start(options?: Partial<DevServerOptions>): Promise<DevServer>;
}

/** Gives each test of a file a data folder, and stops the servers that it started. */
export function useDevServers(): DevServers {
  const running = new Set<DevServer>();
  let folder = '';
  beforeEach(async () => {
    folder = await tempFolder('dev');
  });
  afterEach(async () => {
    for (const server of running) await server.stop();
    running.clear();
  });
  return {
    get folder() {
      return folder;
    },
    async start(options = {}) {
      // Two files at a time: one must not take the port that a server of the other had, and waits for.
      const { port = (await freeAddress()).port } = options;
      const cli = inject('temporalCli');
      const log = pino({ level: 'silent' });
      const all = { cli, dataFolder: folder, searchAttributes, log, ...options, port, uiPort: port + 1 };
      const server = await startDevServer(all);
      running.add(server);
      return server;
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
