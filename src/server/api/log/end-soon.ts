import type { ServerResponse } from 'node:http';

/** A connection that has not taken the rest of its answer by then is closed. */
const END_MS = 60_000;

/** Ends an answer that is sent bit by bit, once: its connection is closed where nobody takes what is still on its way. */
export function endSoon(res: ServerResponse, last = ''): void {
  if (res.writableEnded || res.destroyed) return;
  res.end(last);
  const timer = setTimeout(() => res.destroy(), END_MS).unref();
  res.once('close', () => clearTimeout(timer));
}

/** Returns whether an answer takes more now. One that has been ended says that it needs no drain, and must not be written to. */
export function takesMore(res: ServerResponse): boolean {
  return !res.writableNeedDrain && !res.writableEnded && !res.destroyed;
}
