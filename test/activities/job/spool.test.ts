import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSpool } from '../../../src/activities/job/spool.js';
import { tempFolder } from '../../support/temp-folder.js';

const SMALL = { memoryBytes: 4_096, fileBytes: 64 * 1024 };

async function* pieces(chunks: readonly Buffer[], pauses: readonly boolean[] = []): AsyncGenerator<Buffer> {
  for (const [index, chunk] of chunks.entries()) {
    if (pauses[index]) await wait(1);
    yield chunk;
  }
}

async function all(
  chunks: AsyncIterable<Buffer>,
  pauses: readonly boolean[] = [],
  onRead?: (chunk: Buffer) => void,
): Promise<Buffer> {
  const read: Buffer[] = [];
  for await (const chunk of chunks) {
    read.push(chunk);
    onRead?.(chunk);
    if (pauses[read.length]) await wait(1);
  }
  return Buffer.concat(read);
}

test('what comes out is what went in, however fast either side is', async () => {
  const folder = await tempFolder('spool');
  const sizes = fc.array(fc.integer({ min: 1, max: 9_000 }), { maxLength: 40 });
  const pauses = fc.array(fc.boolean(), { maxLength: 40 });
  let nr = 0;
  await fc.assert(
    fc.asyncProperty(sizes, pauses, pauses, async (list, before, after) => {
      const chunks = list.map((size, index) => Buffer.alloc(size, index));
      nr += 1;
      const spool = createSpool(pieces(chunks, before), { folder, name: `${nr}`, limits: SMALL });
      const read = await all(spool.chunks, after);
      await spool.taken;
      expect(read.equals(Buffer.concat(chunks))).toBe(true);
    }),
    { numRuns: 60 },
  );
  expect(await readdir(folder)).toEqual([]);
});

test('what waits when the output has ended is dealt with once the step has, which is not waited for any longer than half a second', async () => {
  const folder = await tempFolder('spool-over');
  let isOver = false;
  const over = wait(40).then(() => {
    isOver = true;
  });
  const seen: boolean[] = [];
  const spool = createSpool(pieces([Buffer.from('a'), Buffer.from('b')]), { folder, name: 'out', over });
  await spool.taken;
  await all(spool.chunks, [], () => seen.push(isOver));
  expect(seen).toEqual([true]);
  const hung = createSpool(pieces([Buffer.from('c')]), { folder, name: 'hung', over: new Promise(() => undefined) });
  expect((await all(hung.chunks)).toString()).toBe('c');
  const fails = Promise.reject(new Error('was not started'));
  fails.catch(() => undefined);
  const failed = createSpool(pieces([Buffer.from('d')]), { folder, name: 'failed', over: fails });
  expect((await all(failed.chunks)).toString()).toBe('d');
});

test('output is taken before anybody asks for it, up to the limits, and no further', async () => {
  const folder = await tempFolder('spool-full');
  let sent = 0;
  async function* endless() {
    for (; sent < 200; sent++) yield Buffer.alloc(1_024, sent % 251);
  }
  const spool = createSpool(endless(), { folder, name: 'out', limits: SMALL });
  await expect.poll(() => sent).toBeGreaterThanOrEqual(64);
  await wait(50);
  // 4 kB in memory, 64 kB in the file, and the one that waits.
  expect(sent).toBeLessThanOrEqual(70);
  expect((await all(spool.chunks)).length).toBe(200 * 1_024);
  expect(sent).toBe(200);
});

test('where no file can be written, everything goes through memory', async () => {
  const chunks = Array.from({ length: 50 }, (_, nr) => Buffer.alloc(1_000, nr));
  const spool = createSpool(pieces(chunks), { folder: '/nonexistent/folder', name: 'x', limits: SMALL });
  expect((await all(spool.chunks)).equals(Buffer.concat(chunks))).toBe(true);
});

test('a source that fails is told to who waits for its end', async () => {
  const folder = await tempFolder('spool-fails');
  async function* failing() {
    yield Buffer.from('a');
    throw new Error('the pipe broke');
  }
  const spool = createSpool(failing(), { folder, name: 'x' });
  expect((await all(spool.chunks)).toString()).toBe('a');
  await expect(spool.taken).rejects.toThrow('the pipe broke');
});

test('the file takes no more room than its limit, however much goes through it', async () => {
  const folder = await tempFolder('spool-round');
  const chunks = Array.from({ length: 1_000 }, (_, nr) => Buffer.alloc(4_093, nr));
  const ROOM = 256 * 1024;
  let [read, largest] = [0, 0];
  let asked: () => void = () => undefined;
  /** Is always ahead, so that the file is never read to its end. */
  async function* ahead() {
    for (const [nr, chunk] of chunks.entries()) {
      while (nr * 4_093 > read + 200_000) await new Promise<void>((resolve) => (asked = resolve));
      yield chunk;
    }
  }
  const spool = createSpool(ahead(), { folder, name: 'round', limits: { memoryBytes: 4_096, fileBytes: ROOM } });
  const out: Buffer[] = [];
  await wait(50);
  for await (const chunk of spool.chunks) {
    out.push(chunk);
    read += chunk.length;
    largest = Math.max(largest, await sizeOfOpen(join(folder, 'round')));
    asked();
  }
  expect(Buffer.concat(out).equals(Buffer.concat(chunks))).toBe(true);
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThanOrEqual(ROOM);
});

/** In bytes: a file without a name that this process has open. */
async function sizeOfOpen(path: string): Promise<number> {
  for (const fd of await readdir('/proc/self/fd')) {
    const target = await readlink(`/proc/self/fd/${fd}`).catch(() => '');
    if (target.startsWith(path)) return (await stat(`/proc/self/fd/${fd}`)).size;
  }
  return 0;
}

test('output that comes without a pause is handed on while it comes', async () => {
  const folder = await tempFolder('spool-steady');
  const CHUNK = Buffer.alloc(4_096);
  let sent = 0;
  async function* steady() {
    for (; sent < 1_000; sent++) {
      await wait(1);
      yield CHUNK;
    }
  }
  const spool = createSpool(steady(), { folder, name: 'out' });
  let read = 0;
  const reading = all(spool.chunks, [], ({ length }) => (read += length));
  await spool.taken;
  expect(read / CHUNK.length).toBeGreaterThan(300);
  expect(await reading).toHaveLength(1_000 * CHUNK.length);
});
