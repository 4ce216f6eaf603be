import { expect, test } from 'vitest';
import { inPieces, mapInTurns } from '../../src/async/yield-to-event-loop.js';

const MB = 1024 * 1024;

/** Counts the turns of the event loop that others have while `work` goes on. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let goesOn = true;
  const count = () => {
    turns += 1;
    if (goesOn) setImmediate(count);
  };
  setImmediate(count);
  await work();
  goesOn = false;
  return turns;
}

test('bytes come in pieces of a megabyte, between which others have their turn', async () => {
  const bytes = Buffer.alloc(3 * MB + 5).map((_, at) => at % 251);
  const pieces: Uint8Array[] = [];
  expect(await turnsDuring(() => inPieces(bytes, (piece) => pieces.push(piece)))).toBeGreaterThanOrEqual(3);
  expect(pieces.map(({ length }) => length)).toEqual([MB, MB, MB, 5]);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
});

test('long work on many things stops for others now and then, and short work does not', async () => {
  const busy = (ms: number) => {
    for (const until = performance.now() + ms; performance.now() < until; );
    return ms;
  };
  expect(await mapInTurns([1, 2, 3], busy)).toEqual([1, 2, 3]);
  expect(await turnsDuring(() => mapInTurns([12, 12, 12], busy))).toBeGreaterThanOrEqual(3);
});

test('work on many things ends where its signal aborts meanwhile', async () => {
  const ending = new AbortController();
  const until = performance.now() + 30;
  const endless = (function* () {
    while (true) yield performance.now() > until;
  })();
  const work = (isOver: boolean) => isOver && ending.abort(new Error('given up'));
  await expect(mapInTurns(endless, work, ending.signal)).rejects.toThrow('given up');
});
