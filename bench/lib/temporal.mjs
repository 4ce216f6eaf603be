import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { searchAttributes } from '../../dist/runs/search-attributes.js';
import { connectClient } from '../../dist/temporal/connect.js';
import { startDevServer } from '../../dist/temporal/dev-server.js';
import { findCli } from '../../dist/temporal/find-cli.js';
import { isServing } from '../../dist/temporal/is-serving.js';

/** Away from the ports of a server that is in use, and of the tests'. */
const PORT = 27_233;
const UI_PORT = 28_233;

/** The server as `hookyard start` runs it: on a database file, with its settings. */
export async function startTemporal({ folder, say }) {
  const cli = await findCli({ env: process.env, onProgress: say });
  const log = pino({ level: 'error' }, pino.destination(2));
  const server = await startDevServer({ cli, dataFolder: folder, searchAttributes, log, port: PORT, uiPort: UI_PORT });
  const client = connectClient({ namespace: 'default', options: { address: server.address } });
  return {
    cli,
    address: server.address,
    client,
    /** Holds the process still, as a machine that swaps does, and lets it go on. */
    freeze: () => process.kill(server.pid(), 'SIGSTOP'),
    thaw: () => process.kill(server.pid(), 'SIGCONT'),
    async stop() {
      await client.connection.close();
      process.kill(server.pid(), 'SIGCONT');
      await server.stop();
    },
  };
}

const UP_MS = 30_000;
const END_MS = 10_000;

/** The server as it comes: on a database file, and without the settings that `hookyard start` gives it. */
export async function startStockTemporal({ folder, say }) {
  const cli = await findCli({ env: process.env, onProgress: say });
  await mkdir(folder, { recursive: true });
  const address = `127.0.0.1:${PORT + 100}`;
  const where = ['--ip', '127.0.0.1', '--port', String(PORT + 100), '--db-filename', join(folder, 'temporal.db')];
  const child = spawn(cli, ['server', 'start-dev', '--headless', '--log-level', 'error', ...where], {
    stdio: 'ignore',
  });
  for (const until = Date.now() + UP_MS; !(await isServing(address)); await wait(100)) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('a development server as it comes is not up');
  }
  return {
    address,
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
