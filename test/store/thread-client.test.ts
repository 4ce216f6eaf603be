import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Backend } from '../../src/store/backend.js';
import { startThread, type ThreadLimits } from '../../src/store/sqlite/thread-client.js';
import { StoreClosedError, StoreUnavailableError } from '../../src/store/store.js';
import { keepLog } from '../support/harness/log.js';
import { tempFolder } from '../support/temp-folder.js';

/**
 * A thread that answers `find` with what was asked, is lost over "crash", and says nothing to "hang". It says of
 * "together" how many came in the same message.
 */
const THREAD = `
import { parentPort, workerData } from 'node:worker_threads';
if (workerData.refuse) {
  parentPort.postMessage({ kind: 'refused', failure: { kind: 'other', message: 'not today' } });
} else if (workerData.migratesMs) {
  parentPort.postMessage({ kind: 'migrates', step: 2, of: 3 });
  setTimeout(() => parentPort.postMessage({ kind: 'ready' }), workerData.migratesMs);
} else if (!workerData.silent) {
  parentPort.postMessage({ kind: 'ready' });
}
if (!workerData.refuse) parentPort.on('message', ({ kind, requests }) => {
  if (kind === 'close') return parentPort.close();
  for (const { id, input } of requests) {
    if (input === 'crash') throw new Error('out of luck');
    const value = input === 'together' ? requests.length : input;
    if (input !== 'hang') parentPort.postMessage({ kind: 'answers', answers: [{ id, ok: true, value }] });
  }
});
`;

const LIMITS: ThreadLimits = {
  requests: 100,
  bytes: 1000,
  answerMs: 10_000,
  openMs: 10_000,
  migrateMs: 10_000,
  closeMs: 200,
};

let folder: string;
let client: Backend | undefined;
beforeEach(async () => {
  folder = await tempFolder('thread');
  await writeFile(join(folder, 'thread.mjs'), THREAD);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await client?.close();
  client = undefined;
});

async function start(workerData: object = {}, limits: Partial<ThreadLimits> = {}): Promise<Backend> {
  client = await startThread({ module: join(folder, 'thread.mjs'), workerData, limits: { ...LIMITS, ...limits } });
  return client;
}

test('a lost thread refuses what waits for it, and another takes over after a pause', async () => {
  const { call } = await start();
  const results = await Promise.allSettled(['one', 'crash', 'hang'].map((input) => call('readBody', input)));
  expect(results[0]).toMatchObject({ status: 'fulfilled', value: 'one' });
  for (const result of results.slice(1)) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: expect.objectContaining({
        name: 'StoreUnavailableError',
        message: expect.stringContaining('out of luck'),
      }),
    });
  }
  await expect(call('readBody', 'too soon')).rejects.toBeInstanceOf(StoreUnavailableError);
  await vi.waitFor(async () => expect(await call('readBody', 'later')).toBe('later'), {
    timeout: 10_000,
    interval: 50,
  });
});

test('the pause after a loss stays short when the clock is put back', async () => {
  const { call } = await start();
  await expect(call('readBody', 'crash')).rejects.toThrow('out of luck');
  const anHourAgo = Date.now() - 3_600_000;
  vi.spyOn(Date, 'now').mockReturnValue(anHourAgo);
  await vi.waitFor(async () => expect(await call('readBody', 'later')).toBe('later'), { timeout: 10_000 });
});

test('what is asked for in one turn goes to the thread in one message, but not without end', async () => {
  const { call } = await start();
  const together = () => call('readBody', 'together');
  expect(await Promise.all([together(), together(), together()])).toEqual([3, 3, 3]);
  expect(await together()).toBe(1);
  const many = await Promise.all(Array.from({ length: 50 }, together));
  expect(new Set(many)).toEqual(new Set([16, 2]));
});

test('an answer that does not come is given up', async () => {
  const { call } = await start({}, { answerMs: 50 });
  await expect(call('readBody', 'hang')).rejects.toThrow('did not answer within 50 ms');
  expect(await call('readBody', 'one')).toBe('one');
});

test('what was given up still counts as waiting, because it still lies before the thread', async () => {
  const { call } = await start({}, { answerMs: 50, requests: 1 });
  await expect(call('readBody', 'hang')).rejects.toThrow('did not answer');
  await expect(call('readBody', 'one')).rejects.toThrow('too busy: 1 requests');
});

test('a thread that cannot open its file says why', async () => {
  await expect(start({ refuse: true })).rejects.toThrow('not today');
});

test('a thread that does not come up is given up', async () => {
  await expect(start({ silent: true }, { openMs: 50 })).rejects.toThrow('not open within 50 ms');
});

test('a thread that brings its file up to date is waited for longer, and says so', async () => {
  const { log, lines } = keepLog();
  const limits = { ...LIMITS, openMs: 4_000 };
  client = await startThread({ module: join(folder, 'thread.mjs'), workerData: { migratesMs: 5_000 }, limits, log });
  expect(await client.call('readBody', 'one')).toBe('one');
  expect(lines()).toMatchObject([{ step: 2, of: 3, msg: expect.stringContaining('brought up to date') }]);
  const tooLong = start({ migratesMs: 60_000 }, { openMs: 10_000, migrateMs: 50 });
  await expect(tooLong).rejects.toThrow('not open within 50 ms');
});

test('closing does not wait for ever', async () => {
  const { call, close } = await start();
  const waiting = call('readBody', 'hang');
  const refused = expect(waiting).rejects.toBeInstanceOf(StoreUnavailableError);
  await close();
  await refused;
  await expect(call('readBody', 'late')).rejects.toBeInstanceOf(StoreClosedError);
});
