import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLiveLogs } from '../../../src/server/api/log/live-logs.js';
import { sendLogText } from '../../../src/server/api/log/send-log-text.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { keepLog } from '../../support/harness/log.js';

const KEY = { workflowId: 'ci/github/1', job: 'test' };

let folder: string;
let store: Store;
let server: Server;
let stopping: AbortController;
let isOpen: boolean | undefined;
let reads = 0;

/** The store as it is, whose readings are counted. */
const counted = (): Store['logs'] => ({
  ...store.logs,
  read(...asked) {
    reads += 1;
    return store.logs.read(...asked);
  },
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookyard-live-'));
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  [reads, isOpen, stopping] = [0, true, new AbortController()];
  const live = createLiveLogs({
    logs: counted(),
    isOpen: async () => isOpen,
    log: keepLog().log,
    stopping: stopping.signal,
  });
  server = createServer((req, res) => {
    if (req.url === '/text') return void sendLogText(res, { logs: counted(), key: KEY });
    live.follow(res, { run: KEY.workflowId, job: KEY.job, after: Number(req.url?.slice(1)) });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  stopping.abort();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const write = (from: number, to: number) =>
  store.logs.append(
    KEY,
    Array.from({ length: to - from + 1 }, (_, at) => ({
      ...{ at: from + at, stream: 'stdout' as const, step: 'test', attempt: 1, text: `line ${from + at}` },
    })),
  );

async function ask(path: string): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const [response] = await once(get({ port, host: '127.0.0.1', path, agent: false }), 'response');
  return response;
}

/** Somebody who follows, and what they have been sent. */
async function follower(after: number) {
  const response = await ask(`/${after}`);
  let text = '';
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return {
    closed,
    text: () => text,
    numbers: () =>
      [...text.matchAll(/^data: (\[.*\])$/gm)].flatMap(([, json = '[]']) =>
        (JSON.parse(json) as { number: number }[]).map(({ number }) => number),
      ),
    leave: () => response.destroy(),
  };
}
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const soon = { timeout: 20_000 };

test('who follows gets what they lack, then what comes, and is told of the end', async () => {
  await write(1, 5);
  const one = await follower(3);
  await expect.poll(one.numbers, soon).toEqual([4, 5]);
  await write(6, 7);
  await expect.poll(one.numbers, soon).toEqual([4, 5, 6, 7]);
  await write(8, 8);
  isOpen = false;
  await one.closed;
  expect(one.numbers()).toEqual([4, 5, 6, 7, 8]);
  expect(one.text()).toContain('id: 7\n');
  expect(one.text()).toMatch(/event: end\nid: 8\n/);
});

test('who comes from far back gets everything once, in order', async () => {
  await write(1, 4_000);
  const [far, near] = [await follower(0), await follower(3_990)];
  await expect.poll(() => far.numbers().length, soon).toBe(4_000);
  expect(far.numbers()).toEqual(upTo(1, 4_000));
  expect(near.numbers()).toEqual(upTo(3_991, 4_000));
});

test('many who follow one log share one reading of the store', async () => {
  await write(1, 10);
  const all = await Promise.all(Array.from({ length: 200 }, () => follower(10)));
  const before = reads;
  const began = performance.now();
  for (let line = 11; line <= 14; line++) await write(line, line);
  for (const one of all) await expect.poll(one.numbers, soon).toEqual(upTo(11, 14));
  // Twice a second, and not two hundred times that.
  expect(reads - before).toBeLessThan(20 + ((performance.now() - began) / 1_000) * 10);
  for (const one of all) one.leave();
});

test('nothing is read any more once nobody follows, and a stopping server sends everybody away', async () => {
  await write(1, 2);
  const one = await follower(0);
  await expect.poll(one.numbers, soon).toEqual([1, 2]);
  const other = await follower(0);
  one.leave();
  stopping.abort();
  await other.closed;
  expect(other.text()).not.toContain('event: end');
  const settled = reads;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(reads - settled).toBeLessThanOrEqual(1);
});

test('the text of a log is all of it, a page at a time', async () => {
  await write(1, 2_500);
  await store.logs.append(KEY, [{ at: 1, stream: 'note', attempt: 1, text: 'test: passed in 1.0 s' }]);
  const response = await ask('/text');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  expect(response.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': 'attachment; filename="ci-github-1-test.log"',
  });
  expect(text).toBe(
    `${upTo(1, 2_500)
      .map((number) => `line ${number}\n`)
      .join('')}· test: passed in 1.0 s\n`,
  );
});
