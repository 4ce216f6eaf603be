import { setImmediate as nextTurn } from 'node:timers/promises';

/** So much is hashed in a few milliseconds. */
const PIECE_BYTES = 1024 * 1024;
const TURN_MS = 10;

/** Calls `work` with bytes piece by piece, each of 1 MB at most, and lets the event loop do other work in between. */
export async function inPieces(bytes: Uint8Array, work: (piece: Uint8Array) => void): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    if (at > 0) await nextTurn();
    work(bytes.subarray(at, at + PIECE_BYTES));
  }
}

/**
 * Returns what `work` makes of each item. Lets the event loop do other work after every 10 ms. Rejects with what `work` throws, and with why
 * the signal has aborted meanwhile.
 */
export async function mapInTurns<T, R>(items: Iterable<T>, work: (item: T) => R, signal?: AbortSignal): Promise<R[]> {
  const made: R[] = [];
  let began = performance.now();
  for (const item of items) {
    made.push(work(item));
    if (performance.now() - began < TURN_MS) continue;
    await nextTurn();
    signal?.throwIfAborted();
    began = performance.now();
  }
  return made;
}
