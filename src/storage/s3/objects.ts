import type { MultipartUpload } from '@aws-sdk/client-s3';
import type { Bucket, CallOptions } from './bucket.js';
import { StorageError } from './storage-error.js';

/** An object of a bucket. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was written, Unix ms. */
  readonly at: number;
}

/** Returns all objects whose names begin so, a page of a thousand after the other. Throws {@link StorageError}. */
export async function* objectsOf(bucket: Bucket, prefix: string, options?: CallOptions): AsyncGenerator<StoredObject> {
  for (let token: string | undefined; ; ) {
    const from = { Prefix: prefix, ...(token !== undefined && { ContinuationToken: token }) };
    const page = await bucket.call((s3, where, sent) => s3.listObjectsV2({ ...where, ...from }, sent), options);
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? [])
      yield { key: Key, bytes: Size, at: LastModified?.getTime() ?? 0 };
    if (!page.IsTruncated) return;
    const next = page.NextContinuationToken;
    // A list that is not whole must not be taken for one: what is missing in it would count as gone.
    if (!next || next === token)
      throw new StorageError(bucket.settings, {
        code: 'Unlistable',
        says: 'its list of objects goes on, and it does not say where',
        advice: 'look for a proxy that changes answers, or a newer version of the service',
      });
    token = next;
  }
}

/** Removes an object, if it is there. Throws {@link StorageError}. */
export async function removeObject(bucket: Bucket, key: string, options?: CallOptions): Promise<void> {
  await bucket.call((s3, where, sent) => s3.deleteObject({ ...where, Key: key }, sent), options);
}

/** Returns an object as it is now; undefined where there is none. Throws {@link StorageError}. */
export async function objectAt(bucket: Bucket, key: string, options?: CallOptions): Promise<StoredObject | undefined> {
  // By a list, not by HeadObject: an answer to that has no body, so a wrong bucket can't be told from a missing object.
  for await (const object of objectsOf(bucket, key, options)) if (object.key === key) return object;
  return undefined;
}

/** Writes an object that only its name and its time tell of. Throws {@link StorageError}. */
export async function noteObject(bucket: Bucket, key: string, signal?: AbortSignal): Promise<void> {
  await bucket.call((s3, where, sent) => s3.putObject({ ...where, Key: key, Body: '', ContentLength: 0 }, sent), {
    signal,
  });
}

/**
 * Returns the uploads that were begun and neither completed nor taken back, a thousand at most; none where the service keeps no list of
 * them. Throws {@link StorageError}.
 */
export async function uploadsOf(
  bucket: Bucket,
  prefix: string,
  options?: CallOptions,
): Promise<readonly MultipartUpload[]> {
  return bucket
    .call(async (s3, where, sent) => {
      const { Uploads = [] } = await s3.listMultipartUploads({ ...where, Prefix: prefix }, sent);
      return Uploads;
    }, options)
    .catch((error: StorageError) => {
      // Where there are none, rclone says that there is no such one.
      if (error.code === 'NotImplemented' || error.code === 'NoSuchUpload') return [];
      throw error;
    });
}

/**
 * Takes back uploads that were begun before a time, in Unix ms, and never completed: their parts are in no list of objects, and are paid
 * for. Does nothing where the credentials may not list them, of which `hookyard doctor` tells. Throws {@link StorageError}.
 */
export async function abandonUploads(
  bucket: Bucket,
  { prefix, before }: { readonly prefix: string; readonly before: number },
): Promise<void> {
  const uploads = await uploadsOf(bucket, prefix).catch((error: StorageError) => {
    if (error.code !== 'AccessDenied') throw error;
    return [];
  });
  for (const { Key, UploadId, Initiated } of uploads) {
    if (Initiated === undefined || Initiated.getTime() >= before || !Key?.startsWith(prefix)) continue;
    await bucket.call((s3, where, sent) => s3.abortMultipartUpload({ ...where, Key, UploadId }, sent));
  }
}
