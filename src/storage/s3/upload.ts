import { type FileHandle, open } from 'node:fs/promises';
import { onAbort } from '../../async/on-abort.js';
import type { Bucket } from './bucket.js';

/** In bytes. A service takes 10,000 parts, and none but the last of less than 5 MB. */
const PART = 8 * 1024 * 1024;
const MOST_PARTS = 9_000;
/** Parts on their way at once: as many are in memory. */
const AT_ONCE = 3;
/** For taking back what was not completed. */
const ABORT_MS = 20_000;

/** A file of this machine, and what it is to be called in the bucket. */
export interface Upload {
  readonly file: string;
  readonly bytes: number;
  readonly key: string;
}

/**
 * Puts a file into a bucket, in parts where it is large; it is there whole or not at all. The SDK's own uploader (`lib-storage`) goes on
 * with parts that are on their way after it has been told to stop, and takes back what it has sent before they have ended
 * (https://github.com/aws/aws-sdk-js-v3/pull/7322).
 */
export async function upload(bucket: Bucket, { file, bytes, key }: Upload, signal: AbortSignal): Promise<void> {
  const handle = await open(file);
  try {
    if (bytes <= PART) {
      const body = await read(handle, { from: 0, bytes });
      await bucket.call(
        (s3, where, sent) => s3.putObject({ ...where, Key: key, Body: body, ContentLength: bytes }, sent),
        { signal },
      );
    } else await uploadParts(bucket, { handle, bytes, key, signal });
  } finally {
    await handle.close();
  }
}

async function uploadParts(
  bucket: Bucket,
  { handle, bytes, key, signal }: Omit<Upload, 'file'> & { readonly handle: FileHandle; readonly signal: AbortSignal },
): Promise<void> {
  const started = await bucket.call((s3, where, sent) => s3.createMultipartUpload({ ...where, Key: key }, sent), {
    signal,
  });
  const upload = { Key: key, UploadId: started.UploadId };
  const size = Math.max(PART, Math.ceil(bytes / MOST_PARTS));
  const count = Math.ceil(bytes / size);
  const parts: { readonly PartNumber: number; readonly ETag: string | undefined }[] = [];
  let next = 0;
  const sending = new AbortController();
  const sendParts = async () => {
    while (next < count) {
      sending.signal.throwIfAborted();
      const at = next++;
      const from = at * size;
      const Body = await read(handle, { from, bytes: Math.min(size, bytes - from) });
      const part = { ...upload, PartNumber: at + 1, Body };
      const { ETag } = await bucket.call((s3, where, sent) => s3.uploadPart({ ...where, ...part }, sent), {
        signal: sending.signal,
      });
      parts[at] = { PartNumber: at + 1, ETag };
    }
  };
  const stopListening = onAbort(signal, () => sending.abort(signal.reason));
  const senders = Array.from({ length: AT_ONCE }, () =>
    sendParts().catch((error: unknown) => {
      sending.abort(error);
      throw error;
    }),
  );
  try {
    await Promise.all(senders);
    await bucket.call(
      (s3, where, sent) => s3.completeMultipartUpload({ ...where, ...upload, MultipartUpload: { Parts: parts } }, sent),
      { signal },
    );
  } catch (error) {
    // A part that arrives afterwards would stay, and be paid for.
    await Promise.allSettled(senders);
    await bucket
      .call((s3, where, sent) => s3.abortMultipartUpload({ ...where, ...upload }, sent), { ms: ABORT_MS })
      .catch(() => undefined);
    throw error;
  } finally {
    stopListening();
  }
}

async function read(
  handle: FileHandle,
  { from, bytes }: { readonly from: number; readonly bytes: number },
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await handle.read(buffer, done, bytes - done, from + done);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    done += bytesRead;
  }
  return buffer;
}
