import { randomUUID } from 'node:crypto';
import type { Bucket } from './bucket.js';
import { uploadsOf } from './objects.js';
import { bucketName } from './settings.js';
import { StorageError } from './storage-error.js';

/** What the credentials of a bucket can do of what is needed. */
export interface CheckedBucket {
  readonly works: readonly string[];
  readonly lacks: readonly { readonly says: string; readonly advice?: string | undefined }[];
}

/** Of each call, its tries counted in: somebody waits. */
const CHECK_MS = 20_000;
const CONTENT = 'Written by hookyard doctor, which removes it at once.';

/** What is tried, in this order, with the rights that it takes at AWS. */
const TRIED = [
  { does: 'list', right: 's3:ListBucket' },
  { does: 'write', right: 's3:PutObject' },
  { does: 'read', right: 's3:GetObject' },
  { does: 'write in parts', right: 's3:ListBucketMultipartUploads and s3:AbortMultipartUpload' },
  { does: 'remove', right: 's3:DeleteObject' },
] as const;

/** Tries in a bucket what storage does there, with an object of its own, which it removes. */
export async function checkBucket(bucket: Bucket): Promise<CheckedBucket> {
  const { prefix } = bucket.settings;
  const start = prefix === '' ? '' : `${prefix}/`;
  const key = `${start}doctor-${randomUUID()}`;
  const works: string[] = [];
  const lacks: CheckedBucket['lacks'][number][] = [];
  for (const { does, right } of TRIED) {
    // What was not written can't be read.
    if (does === 'read' && !works.includes('write')) continue;
    try {
      await attempt(bucket, { does, key, start });
      works.push(does);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      if (error.code !== 'AccessDenied') {
        lacks.push({ says: error.message, advice: error.advice });
        break;
      }
      const says = `${bucketName(bucket.settings)}: the credentials may not ${does}`;
      lacks.push({ says, advice: `give them ${right}: docs/storage.md lists all that they need` });
    }
  }
  const isLeft = works.includes('write') && !works.includes('remove');
  // That it could not be removed is told above, or why nothing more could be.
  if (isLeft) await attempt(bucket, { does: 'remove', key, start }).catch(() => undefined);
  return { works, lacks };
}

async function attempt(
  bucket: Bucket,
  { does, key, start }: { readonly does: (typeof TRIED)[number]['does']; readonly key: string; readonly start: string },
): Promise<void> {
  const ms = { ms: CHECK_MS };
  switch (does) {
    case 'list':
      await bucket.call((s3, where, sent) => s3.listObjectsV2({ ...where, Prefix: start, MaxKeys: 1 }, sent), ms);
      return;
    case 'write':
      await bucket.call((s3, where, sent) => s3.putObject({ ...where, Key: key, Body: CONTENT }, sent), ms);
      return;
    case 'read': {
      const read = await bucket.call(async (s3, where, sent) => {
        const { Body } = await s3.getObject({ ...where, Key: key }, sent);
        return Body?.transformToString();
      }, ms);
      if (read === CONTENT) return;
      throw new StorageError(bucket.settings, {
        code: 'Changed',
        says: 'what was written there is not what is read',
        advice: 'look for a proxy that changes requests',
      });
    }
    case 'write in parts': {
      const begun = await bucket.call((s3, where, sent) => s3.createMultipartUpload({ ...where, Key: key }, sent), ms);
      const upload = { Key: key, UploadId: begun.UploadId };
      await bucket.call((s3, where, sent) => s3.abortMultipartUpload({ ...where, ...upload }, sent), ms);
      await uploadsOf(bucket, start, ms);
      return;
    }
    case 'remove':
      await bucket.call((s3, where, sent) => s3.deleteObject({ ...where, Key: key }, sent), ms);
  }
}
