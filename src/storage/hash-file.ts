import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Blob } from './blob-storage.js';

/** Returns the SHA-256 of a file and its length, reading it in pieces. Throws what keeps it from being read, and the signal's reason. */
export async function hashFile(path: string, signal: AbortSignal): Promise<Blob> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    createReadStream(path),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.byteLength;
      }
    },
    { signal },
  );
  return { hash: hash.digest('hex'), bytes };
}
