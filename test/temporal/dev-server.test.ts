import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { expect, inject, test } from 'vitest';
import { built } from '../../src/paths.js';
import { searchAttributes } from '../../src/runs/search-attributes.js';
import { connectClient } from '../../src/temporal/connect.js';
import { isServing } from '../../src/temporal/is-serving.js';
import { prepareNamespace } from '../../src/temporal/search-attributes.js';
import { freeAddress } from '../support/harness/free-address.js';
import { statusFor } from '../support/harness/status-for.js';
import { isAlive, useDevServers } from './dev-servers.js';

const servers = useDevServers();
const log = pino({ level: 'silent' });

test('a port that another server took meanwhile is left to it, and its answers are not taken for ours', async () => {
  const { port } = await freeAddress();
  const cli = inject('temporalCli');
  // Between the look for a free port and the bind, the rival comes.
  const late = join(servers.folder, 'late');
  const called = join(servers.folder, 'called');
  const goOn = join(servers.folder, 'go-on');
  const held = `touch "${called}"\nuntil [ -e "${goOn}" ]; do sleep 0.05; done\nexec "${cli}" "$@"\n`;
  await writeFile(late, `#!/bin/sh\n${held}`, { mode: 0o755 });
  const starting = servers.start({ port, cli: late });
  await expect.poll(() => existsSync(called), { timeout: 20_000 }).toBe(true);
  const rival = spawn(cli, ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)]);
  const rivalIsGone = once(rival, 'exit');
  try {
    await expect.poll(() => isServing(`127.0.0.1:${port}`), { timeout: 20_000 }).toBe(true);
    await writeFile(goOn, '');
    const server = await starting;
    expect(server.address).not.toBe(`127.0.0.1:${port}`);
    expect(isAlive(server.pid() ?? 0)).toBe(true);
  } finally {
    rival.kill('SIGKILL');
    await rivalIsGone;
  }
});

test('a port that the server takes by itself, and that another has taken, does not keep it from coming up', async () => {
  const rival = createServer();
  await once(rival.listen(0, '127.0.0.1'), 'listening');
  const { port } = rival.address() as AddressInfo;
  const marker = join(servers.folder, 'was-called');
  const cli = join(servers.folder, 'unlucky');
  // The first time it has bad luck.
  const unlucky = `[ -e ${marker} ] || { touch ${marker}; exec "${inject('temporalCli')}" "$@" --http-port ${port}; }`;
  await writeFile(cli, `#!/bin/sh\n${unlucky}\nexec "${inject('temporalCli')}" "$@"\n`, { mode: 0o755 });
  try {
    const server = await servers.start({ cli });
    expect(isAlive(server.pid() ?? 0)).toBe(true);
    expect(existsSync(marker)).toBe(true);
  } finally {
    rival.close();
  }
});

test('the namespace keeps runs long enough, and knows the search attributes at once', async () => {
  const server = await servers.start();
  const client = connectClient({ namespace: 'default', options: { address: server.address } });
  await prepareNamespace(client, { attributes: searchAttributes, log, ownServer: true });
  const { config } = await client.workflowService.describeNamespace({ namespace: 'default' });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400).toBeGreaterThanOrEqual(8);
  const query = searchAttributes.filter(({ type }) => type === 'Keyword').map(({ name }) => `${name} = "x"`);
  for await (const _ of client.workflow.list({ query: query.join(' AND ') })) expect.unreachable();
  await client.connection.close();
});

test.each([
  [true, 5],
  [false, 0],
])('whether a server is beside a receiver (%s) says whether it is nicer (by %i)', async (besideReceiver, by) => {
  const pid = (await servers.start({ besideReceiver })).pid() ?? 0;
  expect(getPriority(pid)).toBe(Math.min(19, getPriority() + by));
});

test('a server that can not come up says its last words', async () => {
  const cli = join(servers.folder, 'broken');
  await writeFile(cli, '#!/bin/sh\necho "the disk is made of cheese" >&2\nexit 1\n', { mode: 0o755 });
  await expect(servers.start({ cli })).rejects.toThrow('the disk is made of cheese');
});

test('the server ends with the process that started it, however that ends', async () => {
  const script = `
    import { startDevServer } from ${JSON.stringify(pathToFileURL(built('temporal/dev-server.js')).href)};
    const log = { info() {}, error() {} };
    const [cli, dataFolder, port] = process.argv.slice(1);
    const server = await startDevServer({ cli, dataFolder, log, searchAttributes: [], port: +port, uiPort: +port + 1 });
    console.log(server.pid());
    process.exit(130);`;
  const port = String((await freeAddress()).port);
  const started = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    script,
    inject('temporalCli'),
    servers.folder,
    port,
  ]);
  let output = '';
  started.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const [code] = await once(started, 'close');
  expect([code, Number(output)]).toEqual([130, expect.any(Number)]);
  await expect.poll(() => isAlive(Number(output)), { timeout: 15_000 }).toBe(false);
});

test('the UI answers for names of loopback, and for no name that a page on the web could have', async () => {
  const server = await servers.start();
  await expect.poll(() => statusFor(`${server.uiUrl}/api/v1/namespaces`, 'localhost'), { timeout: 10_000 }).toBe(200);
  const answer = await fetch(`${server.uiUrl}/namespaces/default/workflows`);
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<html')]);
  expect(await statusFor(`${server.uiUrl}/api/v1/namespaces`, 'evil.example')).toBe(403);
  await server.stop();
  await expect(fetch(server.uiUrl)).rejects.toThrow();
});

test.runIf(process.platform === 'linux')(
  'the server has none of the secrets of the process that started it',
  async () => {
    process.env.CANARY_SECRET = 'a canary';
    try {
      const server = await servers.start();
      const environment = await readFile(`/proc/${server.pid()}/environ`, 'utf8');
      expect(environment).toContain('PATH=');
      expect(environment).not.toContain('CANARY');
    } finally {
      delete process.env.CANARY_SECRET;
    }
  },
);
