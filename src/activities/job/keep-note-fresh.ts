import { lutimes } from 'node:fs/promises';

/** A small part of how long a note may stay as it is before its owner counts as gone. */
const BEAT_MS = 10_000;

/** Has a note say that its owner lives, by its time of change, until what it returns is called. */
export function keepFresh(note: string): () => void {
  const beat = setInterval(() => {
    const now = new Date();
    void lutimes(note, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  return () => clearInterval(beat);
}
