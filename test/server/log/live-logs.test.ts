import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, IncomingMessage, request, type Server, ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endSoon } from '../../../src/server/api/log/end-soon.js';
import { createLiveLogs } from '../../../src/server/api/log/live-logs.js';
import { createLogFeed } from '../../../src/server/api/log/log-feed.js';
import { sendLogText } from '../../../src/server/api/log/send-log-text.js';
import type { HttpError } from '../../../src/server/http/http-error.js';
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
let visitors = 0;

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
    const { searchParams: asked, pathname } = new URL(req.url ?? '/', 'http://localhost');
    const by = asked.get('by') ?? `visitor ${++visitors}`;
    const of = { run: KEY.workflowId, job: asked.get('job') ?? KEY.job, after: Number(pathname.slice(1)), by };
    live.follow(res, of).catch((error: unknown) => {
      const { status, headers } = error as HttpError;
      res.writeHead(status, headers).end();
    });
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

const write = (from: number, to: number, textOf = (number: number) => `line ${number}`, job = KEY.job) =>
  store.logs.append(
    { ...KEY, job },
    Array.from({ length: to - from + 1 }, (_, at) => ({
      ...{ at: from + at, stream: 'stdout' as const, step: 'test', attempt: 1, text: textOf(from + at) },
    })),
  );

async function ask(path: string, method = 'GET'): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const [response] = await once(request({ port, host: '127.0.0.1', path, method, agent: false }).end(), 'response');
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

test('who reads nothing until long after the end of a run gets all of it, and nothing is written after its end', async () => {
  // More than sockets hold, in lines that are much longer as JSON.
  await write(1, 1_000, (number) => `${number} ${'\u001b[1m\u0000'.repeat(1_300)}`);
  const answers: ServerResponse[] = [];
  server.on('request', (_, res) => answers.push(res));
  const slow = await ask('/0');
  slow.pause();
  isOpen = false;
  const prompt = await follower(995);
  await prompt.closed;
  expect(prompt.text()).toMatch(/event: end\nid: 1000\n/);
  const [answer] = answers;
  if (!answer) throw new Error('nobody was answered');
  // Asked again and again meanwhile whether the run has ended.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(answer.writableEnded).toBe(false);
  let text = '';
  for await (const chunk of slow.setEncoding('utf8')) text += chunk;
  expect(text).toMatch(/event: end\nid: 1000\n/);
  expect(text.match(/^data: \[/gm)?.length).toBeGreaterThan(5);
  const events = text.split('\n\n').map(({ length }) => length);
  expect(Math.max(...events)).toBeLessThan(400_000);
});

test('all who have the same lines are sent the same bytes, in groups between which others get their turn', async () => {
  await write(1, 30);
  const feed = createLogFeed({ logs: store.logs, key: KEY, after: 20 });
  let turns = 0;
  let next: NodeJS.Immediate | undefined;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  const written: { readonly bytes: unknown; readonly turn: number }[] = [];
  for (let number = 0; number < 100; number++) {
    const res = new ServerResponse(new IncomingMessage(new Socket()));
    res.write = (bytes: unknown) => written.push({ bytes, turn: turns }) > 0;
    feed.add(res, number < 90 ? 20 : 25);
  }
  next = setImmediate(count);
  await feed.readOn();
  await feed.send();
  clearImmediate(next);
  expect(written).toHaveLength(100);
  expect(new Set(written.map(({ bytes }) => bytes)).size).toBe(2);
  expect(String(written[0]?.bytes)).toMatch(/^id: 30\ndata: \[\{"number":21,/);
  expect(new Set(written.map(({ turn }) => turn)).size).toBeGreaterThan(1);
});

test('an answer that has been ended, and not been taken yet, is left alone', async () => {
  await write(1, 30, (number) => `${number} ${'x'.repeat(8_000)}`);
  const feed = createLogFeed({ logs: store.logs, key: KEY, after: 0 });
  // Its connection takes nothing.
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  const errors: unknown[] = [];
  res.on('error', (error) => errors.push(error));
  feed.add(res, 0);
  while ((await feed.readOn()) !== 'none') await feed.send();
  expect([feed.hasBehind(), res.writableNeedDrain]).toEqual([false, true]);
  feed.end();
  expect([feed.size(), res.writableEnded]).toEqual([0, true]);
  await feed.send();
  for (const again of [feed.beat, feed.end, feed.cut]) again();
  endSoon(res, 'more');
  await new Promise((resolve) => setImmediate(resolve));
  expect(errors).toEqual([]);
  res.destroy();
});

test('who asks for lines that are not there yet shifts nobody else', async () => {
  await write(1, 10);
  const ahead = await follower(Number.MAX_SAFE_INTEGER);
  const one = await follower(5);
  await expect.poll(one.numbers, soon).toEqual(upTo(6, 10));
  const before = reads;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(reads - before).toBeLessThan(10);
  await write(11, 11);
  await expect.poll(one.numbers, soon).toEqual(upTo(6, 11));
  isOpen = false;
  await Promise.all([one.closed, ahead.closed]);
  expect(one.text()).toMatch(/event: end\nid: 11\n/);
});

test('a job that has written nothing is not followed, and one visitor or all follow only so many', async () => {
  await write(1, 1);
  const statusOf = async (path: string, method?: string) => {
    const response = await ask(path, method);
    return [response.statusCode, response.headers['retry-after']];
  };
  expect(await statusOf('/0?job=never')).toEqual([404, undefined]);
  const annas = await Promise.all(Array.from({ length: 64 }, () => ask('/1?by=anna')));
  expect(await statusOf('/1?by=anna')).toEqual([429, '5']);
  expect(await statusOf('/1?by=anna', 'HEAD')).toEqual([429, '5']);
  for (const one of annas.slice(0, 2)) one.destroy();
  await expect.poll(() => statusOf('/1?by=anna', 'HEAD'), soon).toEqual([200, undefined]);
  for (let job = 1; job < 200; job++) {
    await write(1, 1, undefined, `job ${job}`);
    expect((await ask(`/1?job=job+${job}`)).statusCode).toBe(200);
  }
  await write(1, 1, undefined, 'one more');
  expect(await statusOf('/1?job=one+more')).toEqual([503, '5']);
  expect((await ask('/1')).statusCode).toBe(200);
});

test('a HEAD says what would be answered, and nobody follows by it', async () => {
  await write(1, 2_000);
  for (const path of ['/0', '/text']) {
    const response = await ask(path, 'HEAD');
    expect(response.statusCode).toBe(200);
    response.resume();
    await once(response, 'end');
  }
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(reads).toBe(0);
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
