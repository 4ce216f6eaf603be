import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { searchAttributes } from '../../src/server/search-attributes.js';
import { connectClient, reachFromEnvironment } from '../../src/temporal/connect.js';
import { type DevServer, startDevServer } from '../../src/temporal/dev-server.js';
import { isServing } from '../../src/temporal/is-serving.js';
import { prepareNamespace } from '../../src/temporal/search-attributes.js';

let folder: string;
const running = new Set<DevServer>();
const log = pino({ level: 'silent' });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookyard-dev-'));
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running.clear();
  await rm(folder, { recursive: true, force: true });
});

async function start(port: number): Promise<DevServer> {
  const server = await startDevServer({
    cli: inject('temporalCli'),
    dataFolder: folder,
    searchAttributes,
    log,
    port,
    uiPort: port + 1,
  });
  running.add(server);
  return server;
}
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('it takes the next port when the wanted one is busy, comes back on the same one when it is killed, and leaves nothing', async () => {
  const busy = createServer();
  await new Promise<void>((resolve) => busy.listen(27_100, '127.0.0.1', resolve));
  const server = await start(27_100);
  expect(server.address).not.toBe('127.0.0.1:27100');
  const first = server.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => server.pid() !== first && isServing(server.address), { timeout: 20_000 }).toBe(true);
  const second = server.pid() ?? 0;
  await server.stop();
  expect([isAlive(first), isAlive(second)]).toEqual([false, false]);
  await new Promise((resolve) => busy.close(resolve));
});

test('a server that a killed Hookyard has left on the same database is ended first; another process is not', async () => {
  const first = await start(27_200);
  const left = first.pid() ?? 0;
  // As after a SIGKILL: nobody stops it, and only the note is there. The one that died must not restart it.
  const again = await startDevServer({
    cli: inject('temporalCli'),
    dataFolder: folder,
    searchAttributes,
    log,
    port: 27_300,
    uiPort: 27_301,
  });
  running.add(again);
  expect(isAlive(left)).toBe(false);
  expect(await isServing(again.address)).toBe(true);
  await first.stop();

  const stranger = spawn('sleep', ['60']);
  await again.stop();
  await writeFile(join(folder, 'temporal.pid'), String(stranger.pid));
  await start(27_400);
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill('SIGKILL');
});

test('its namespace keeps runs long enough, and knows the search attributes at once', async () => {
  const server = await start(27_500);
  const client = connectClient({ namespace: 'default', options: { address: server.address } });
  await prepareNamespace(client, { attributes: searchAttributes, log, ownServer: true });
  const { config } = await client.workflowService.describeNamespace({ namespace: 'default' });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400).toBeGreaterThanOrEqual(8);
  const query = searchAttributes.filter(({ type }) => type === 'Keyword').map(({ name }) => `${name} = "x"`);
  for await (const _ of client.workflow.list({ query: query.join(' AND ') })) expect.unreachable();
  await client.connection.close();
});

test('a server that can not come up says its last words', async () => {
  const cli = join(folder, 'broken');
  await writeFile(cli, '#!/bin/sh\necho "the disk is made of cheese" >&2\nexit 1\n', { mode: 0o755 });
  await expect(
    startDevServer({ cli, dataFolder: folder, searchAttributes, log, port: 27_600, uiPort: 27_601 }),
  ).rejects.toThrow('the disk is made of cheese');
});

test("the SDK's usual variables are read", () => {
  const reach = reachFromEnvironment({
    TEMPORAL_ADDRESS: 'cloud.example:7233',
    TEMPORAL_NAMESPACE: 'team',
    TEMPORAL_API_KEY: 'k',
  });
  expect(reach).toMatchObject({ namespace: 'team', options: { address: 'cloud.example:7233', apiKey: 'k' } });
});
