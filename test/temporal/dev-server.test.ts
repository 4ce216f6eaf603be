import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import getPort from 'get-port';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { built } from '../../src/paths.js';
import { searchAttributes } from '../../src/runs/search-attributes.js';
import { connectClient } from '../../src/temporal/connect.js';
import { type DevServer, startDevServer } from '../../src/temporal/dev-server.js';
import { isServing } from '../../src/temporal/is-serving.js';
import { recordServer } from '../../src/temporal/orphaned-server.js';
import { prepareNamespace } from '../../src/temporal/search-attributes.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
const running = new Set<DevServer>();
const log = pino({ level: 'silent' });
beforeEach(async () => {
  folder = await tempFolder('dev');
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running.clear();
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
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  const { port } = busy.address() as AddressInfo;
  const server = await start(port);
  expect(server.address).not.toBe(`127.0.0.1:${port}`);
  const first = server.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => server.pid() !== first && isServing(server.address), { timeout: 20_000 }).toBe(true);
  const second = server.pid() ?? 0;
  await server.stop();
  expect([isAlive(first), isAlive(second)]).toEqual([false, false]);
  await new Promise((resolve) => busy.close(resolve));
});

test('a port that another server took meanwhile is left to it, and its answers are not taken for ours', async () => {
  const port = await getPort();
  const options = { cli: inject('temporalCli'), searchAttributes, log, port, uiPort: port + 1 };
  // Between the look for a free port and the bind, the rival comes.
  const late = join(folder, 'late');
  await writeFile(late, `#!/bin/sh\nsleep 2\nexec "${options.cli}" "$@"\n`, { mode: 0o755 });
  const starting = startDevServer({ ...options, cli: late, dataFolder: folder });
  const rival = spawn(options.cli, ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)]);
  const rivalIsGone = once(rival, 'exit');
  try {
    const server = await starting;
    running.add(server);
    expect(server.address).not.toBe(`127.0.0.1:${port}`);
    expect(isAlive(server.pid() ?? 0)).toBe(true);
  } finally {
    rival.kill('SIGKILL');
    await rivalIsGone;
  }
});

test('a server that a killed Hookyard has left on the same database is ended first; another process is not', async () => {
  const port = await getPort();
  const arguments_ = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)];
  const left = spawn(inject('temporalCli'), [...arguments_, '--db-filename', join(folder, 'temporal.db')]);
  const isGone = once(left, 'exit');
  await recordServer(folder, { pid: left.pid ?? 0 });
  await expect.poll(() => isServing(`127.0.0.1:${port}`), { timeout: 20_000 }).toBe(true);
  const again = await start(port);
  await isGone;
  expect(await isServing(again.address)).toBe(true);

  const stranger = spawn('sleep', ['60']);
  await again.stop();
  await recordServer(folder, { pid: stranger.pid ?? 0 });
  await start(27_400);
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill('SIGKILL');
});

test('it is tried several times when it does not come up again, and then given up with the reason', async () => {
  const cli = join(folder, 'moody');
  const real = inject('temporalCli');
  const counter = join(folder, 'starts');
  // Comes up the first and the fourth time.
  const script = `echo x >> "${counter}"; n=$(wc -l < "${counter}")
    if [ $n -eq 1 ] || [ $n -eq 4 ]; then exec "${real}" "$@"; fi; echo "not today" >&2; exit 3`;
  await writeFile(cli, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const server = await startDevServer({ cli, dataFolder: folder, searchAttributes, log, port: 27_700, uiPort: 27_701 });
  running.add(server);
  const first = server.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => isAlive(first)).toBe(false);
  await expect.poll(() => isServing(server.address), { timeout: 25_000 }).toBe(true);
  const fourth = server.pid() ?? 0;
  expect((await readFile(counter, 'utf8')).length).toBe(8);
  process.kill(fourth, 'SIGKILL');
  await expect(server.failed).rejects.toThrow('not today');
}, 60_000);

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

test('it ends with the process that started it, however that ends', async () => {
  const script = `
    import { startDevServer } from ${JSON.stringify(pathToFileURL(built('temporal/dev-server.js')).href)};
    const log = { info() {}, error() {} };
    const [cli, dataFolder, port] = process.argv.slice(1);
    const server = await startDevServer({ cli, dataFolder, log, searchAttributes: [], port: +port, uiPort: +port + 1 });
    console.log(server.pid());
    process.exit(130);`;
  const port = String(await getPort());
  const started = spawn(process.execPath, ['--input-type=module', '-e', script, inject('temporalCli'), folder, port]);
  let output = '';
  started.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const [code] = await once(started, 'close');
  expect([code, Number(output)]).toEqual([130, expect.any(Number)]);
  await expect.poll(() => isAlive(Number(output)), { timeout: 15_000 }).toBe(false);
});
