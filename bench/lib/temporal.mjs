import { pino } from 'pino';
import { searchAttributes } from '../../dist/server/search-attributes.js';
import { connectClient } from '../../dist/temporal/connect.js';
import { startDevServer } from '../../dist/temporal/dev-server.js';
import { findCli } from '../../dist/temporal/find-cli.js';

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
