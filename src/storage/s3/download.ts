import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { backoffMs } from '../../async/backoff.js';
import { withDeadline } from '../../async/deadline.js';
import { retry } from '../../async/retry.js';
import type { Bucket } from './bucket.js';
import { type StorageError, storageError } from './storage-error.js';

/** How often a download is begun that is cut. */
const TRIES = 3;
const PAUSE = { firstMs: 500, maxMs: 2_000 };
/** Of one try, where nobody else ends it. */
const DOWNLOAD_MS = 30 * 60_000;

/** An object of a bucket, and the file of this machine that it is to become. */
export interface Download {
  readonly key: string;
  readonly file: string;
  /** No more is taken of it. */
  readonly maxBytes: number;
}

/** What has come of an object. Without a hash it is larger than it may be, and the file is a part of it. */
export interface Downloaded {
  readonly hash: string | undefined;
  readonly bytes: number;
}

/**
 * Writes an object to a file, and returns what it holds; undefined where there is no such object. Throws {@link StorageError}, and what
 * keeps the file from being written.
 */
export function download(bucket: Bucket, what: Download, signal: AbortSignal): Promise<Downloaded | undefined> {
  return retry(() => downloadOnce(bucket, what, signal), {
    again: (error, tries) => error instanceof CutError && tries < TRIES && !signal.aborted,
    pauseMs: (tries) => backoffMs(tries, PAUSE),
  }).catch((error: unknown) => {
    throw error instanceof CutError ? error.cause : error;
  });
}

/** Says that what came has ended half-way. */
class CutError extends Error {}

/** Ends a download of what is larger than it may be. */
class LargerError extends Error {}

async function downloadOnce(
  bucket: Bucket,
  { key, file, maxBytes }: Download,
  signal: AbortSignal,
): Promise<Downloaded | undefined> {
  const body = await bucket
    .call(async (s3, where, sent) => (await s3.getObject({ ...where, Key: key }, sent)).Body as Readable, { signal })
    .catch((error: StorageError) => {
      if (error.code === 'NoSuchKey') return undefined;
      throw error;
    });
  if (!body) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* (pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      bytes += piece.byteLength;
      if (bytes > maxBytes) throw new LargerError('larger');
      hash.update(piece);
      yield piece;
    }
  };
  const to = createWriteStream(file, { mode: 0o600 });
  // When one of the streams fails, the others are ended with the same error.
  let isCut = true;
  to.once('error', () => {
    isCut = body.errored !== null;
  });
  try {
    await withDeadline({ ms: DOWNLOAD_MS, parent: signal }, (ending) =>
      pipeline(body, counted, to, { signal: ending }),
    );
    return { hash: hash.digest('hex'), bytes };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LargerError) return { hash: undefined, bytes };
    if (!isCut) throw error;
    throw new CutError('cut', { cause: storageError(error, bucket.settings) });
  }
}
