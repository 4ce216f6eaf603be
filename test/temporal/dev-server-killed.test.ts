import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, inject, test } from 'vitest';
import { isServing } from '../../src/temporal/is-serving.js';
import { recordServer } from '../../src/temporal/orphaned-server.js';
import { freeAddress } from '../support/harness/free-address.js';
import { isAlive, useDevServers } from './dev-servers.js';

const servers = useDevServers();

test('the server takes the next port when the wanted one is busy, comes back on the same one when it is killed, and leaves nothing', async () => {
  // None of those that connections are given: it has to be free still when the server comes back.
  const { port } = await freeAddress();
  const busy = createServer();
  await new Promise<void>((resolve) => busy.listen(port, '127.0.0.1', resolve));
  const server = await servers.start({ port });
  expect(server.address).not.toBe(`127.0.0.1:${port}`);
  const first = server.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => server.pid() !== first && isServing(server.address), { timeout: 20_000 }).toBe(true);
  const second = server.pid() ?? 0;
  await server.stop();
  expect([isAlive(first), isAlive(second)]).toEqual([false, false]);
  await new Promise((resolve) => busy.close(resolve));
});

test('a server that a killed Hookyard has left on the same database is ended first; another process is not', async () => {
  const { port } = await freeAddress();
  const arguments_ = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)];
  const left = spawn(inject('temporalCli'), [...arguments_, '--db-filename', join(servers.folder, 'temporal.db')]);
  const isGone = once(left, 'exit');
  await recordServer(servers.folder, { pid: left.pid ?? 0 });
  await expect.poll(() => isServing(`127.0.0.1:${port}`), { timeout: 20_000 }).toBe(true);
  const again = await servers.start({ port });
  await isGone;
  expect(await isServing(again.address)).toBe(true);

  const stranger = spawn('sleep', ['60']);
  await again.stop();
  await recordServer(servers.folder, { pid: stranger.pid ?? 0 });
  await servers.start();
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill('SIGKILL');
});

test('a server that ends again and again is started again for as long as it takes, and people are told what to do', async () => {
  const cli = join(servers.folder, 'moody');
  const real = inject('temporalCli');
  const counter = join(servers.folder, 'starts');
  // Comes up the first and the seventh time.
  const script = `echo x >> "${counter}"; n=$(wc -l < "${counter}")
    if [ $n -eq 1 ] || [ $n -eq 7 ]; then exec "${real}" "$@"; fi; echo "not today" >&2; exit 3`;
  await writeFile(cli, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const said: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => said.push(JSON.parse(line)) });
  const server = await servers.start({ cli, log });
  const first = server.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => isAlive(first)).toBe(false);
  // The pauses alone are half a minute.
  await expect.poll(() => isServing(server.address), { timeout: 150_000 }).toBe(true);
  expect((await readFile(counter, 'utf8')).length).toBe(14);
  const help = said.filter(({ msg }) => String(msg).startsWith('Temporal does not come up'));
  expect(help).toEqual([
    expect.objectContaining({
      how: expect.stringContaining('not today'),
      file: join(servers.folder, 'temporal.db'),
    }),
  ]);
}, 240_000);

test('a server that has kept runs here before is waited for in the background when it does not come up', async () => {
  const database = join(servers.folder, 'temporal.db');
  await writeFile(database, 'no database');
  const cli = join(servers.folder, 'late');
  // As if somebody had seen to it before it is called again.
  const script = `[ -e ${database} ] && { rm ${database}; echo "not today" >&2; exit 3; }; exec "${inject('temporalCli')}" "$@"`;
  await writeFile(cli, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const server = await servers.start({ cli });
  expect(server.wasUp()).toBe(false);
  await server.up;
  expect([server.wasUp(), await isServing(server.address)]).toEqual([true, true]);
});

test('a program that can not be called is said at once, whatever was there before', async () => {
  await writeFile(join(servers.folder, 'temporal.db'), '');
  const cli = join(servers.folder, 'no-program');
  await writeFile(cli, 'no program', { mode: 0o644 });
  await expect(servers.start({ cli })).rejects.toThrow('The Temporal server did not come up');
});

test('a server whose port another process has taken since it ended is started no more, and that is said', async () => {
  const cli = join(servers.folder, 'once');
  const script = `[ -e ${cli}.was ] && exit 3; touch ${cli}.was; exec "${inject('temporalCli')}" "$@"`;
  await writeFile(cli, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const lost: Error[] = [];
  const server = await servers.start({ cli, onLost: (error) => lost.push(error) });
  const port = Number(server.address.split(':')[1]);
  process.kill(server.pid() ?? 0, 'SIGKILL');
  const other = createServer((socket) => socket.destroy());
  await expect.poll(() => isServing(server.address)).toBe(false);
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  await expect.poll(() => lost, { timeout: 20_000 }).toHaveLength(1);
  expect(lost[0]?.message).toContain(`another process has taken its port ${port}`);
  await new Promise((resolve) => other.close(resolve));
});

test('a server that has made its file and never came up is new to the next start, which says what is wrong', async () => {
  const cli = join(servers.folder, 'fails');
  const database = join(servers.folder, 'temporal.db');
  await writeFile(cli, `#!/bin/sh\ntouch ${database}; echo "not today" >&2; exit 3\n`, { mode: 0o755 });
  await expect(servers.start({ cli })).rejects.toThrow('not today');
  await expect(servers.start({ cli })).rejects.toThrow('not today');
  await rm(database);
  const server = await servers.start();
  expect(server.wasHereBefore).toBe(false);
  await server.stop();
  expect((await servers.start()).wasHereBefore).toBe(true);
});

test('a server whose process id can not be written down serves all the same', async () => {
  const place = join(servers.folder, 'temporal.pid');
  await mkdir(place);
  const server = await servers.start();
  expect(await isServing(server.address)).toBe(true);
  await rmdir(place);
});
