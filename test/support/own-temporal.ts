import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { searchAttributes } from '../../src/runs/search-attributes.js';
import { isListening } from '../../src/temporal/dev-server-process.js';
import { isServing } from '../../src/temporal/is-serving.js';
import { connectTo } from './connect.js';
import { freeAddress } from './harness/free-address.js';

/** The SDK's environment for tests gives a server five seconds to come up: too little on a busy machine. */
const START_MS = 50_000;
const LOOK_MS = 50;

/** A real Temporal server of a test. */
export interface OwnTemporal {
  readonly client: Client;
  readonly connection: Connection;
  teardown(): Promise<void>;
}

/** A real Temporal server that a test may start late or do without search attributes. The test tears it down. */
export async function startTemporal(
  options: { port?: number; indexed?: boolean; without?: readonly string[] } = {},
): Promise<OwnTemporal> {
  const { indexed = true, without = [] } = options;
  const port = options.port ?? (await freeAddress()).port;
  const attributes = indexed ? searchAttributes.filter(({ name }) => !without.includes(name)) : [];
  const args = [
    ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
    ...['--dynamic-config-value', 'frontend.enableServerVersionCheck=false'],
    ...attributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
  ];
  const server = spawn(inject('temporalCli'), args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => void server.kill('SIGKILL');
  // Should the run be ended from outside, nobody else would end it.
  process.once('exit', kill);
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const hasEnded = () => server.exitCode !== null || server.signalCode !== null;
  const stop = async () => {
    process.off('exit', kill);
    if (hasEnded()) return;
    const ended = once(server, 'exit');
    kill();
    await ended;
  };
  try {
    for (const until = Date.now() + START_MS; ; await wait(LOOK_MS)) {
      if (!hasEnded() && (await isListening(port)) && (await isServing(`127.0.0.1:${port}`))) break;
      if (hasEnded() || Date.now() > until) throw new Error(`the Temporal server did not start: ${said}`);
    }
    const connection = await connectTo(`127.0.0.1:${port}`);
    return {
      client: new Client({ connection }),
      connection,
      async teardown() {
        await connection.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
