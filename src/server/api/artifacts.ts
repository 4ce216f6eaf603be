import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ARTIFACTS, type Artifact, artifactSchema, artifactsOf } from '../../runs/artifact-records.js';
import { type BlobStorage, DamagedBlobError } from '../../storage/blob-storage.js';
import { StorageError } from '../../storage/s3/storage-error.js';
import type { RecordStore } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { ArtifactsAnswer } from './contract.js';

/** More than a run may keep. */
const MOST = 500;
/** A connection that takes nothing for so long is closed. */
const IDLE_MS = 60_000;
const NONE = 'this run has kept no artifact of this name, or it has expired';

/** Returns what a run has kept, and has not expired. */
export async function listArtifacts(records: Pick<RecordStore, 'list'>, run: string): Promise<ArtifactsAnswer> {
  const artifacts = (await keptBy(records, run)).map(({ name, job, bytes, files, savedAt, expiresAt, untrusted }) => ({
    ...{ name, job, bytes, files },
    ...{ savedAt: new Date(savedAt).toISOString(), expiresAt: new Date(expiresAt).toISOString() },
    ...(untrusted && { untrusted }),
  }));
  return { artifacts };
}

/**
 * Answers with an artifact, a `.tar.gz`, as a file to be saved, whatever is in it. Throws {@link HttpError}: 404 where there is none, 409
 * where it lies elsewhere, 410 where it is damaged or gone, 502 where the bucket can't be asked. Who asks for its head alone is told what
 * is known of it, and nothing is fetched.
 */
export async function sendArtifact(
  res: ServerResponse,
  {
    records,
    storage,
    run,
    name,
    inTurn = (send) => send(),
  }: {
    readonly records: Pick<RecordStore, 'list'>;
    readonly storage: BlobStorage;
    readonly run: string;
    readonly name: string;
    /** Fetches and sends it when there is room for one more. Default: at once. */
    readonly inTurn?: (<T>(send: () => Promise<T>) => Promise<T>) | undefined;
  },
): Promise<void> {
  const artifact = (await keptBy(records, run)).find((one) => one.name === name);
  if (!artifact) throw new HttpError(404, NONE);
  if (artifact.place !== (await storage.place()))
    throw new HttpError(
      409,
      'it lies in the data folder of the worker that ran the job, or in another bucket, which this server has not: docs/storage.md',
    );
  if (res.req.method === 'HEAD') {
    res.writeHead(200, headersOf(artifact)).end();
    return;
  }
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const { signal } = gone;
  const use = async (file: string) => {
    res.writeHead(200, headersOf(artifact));
    res.setTimeout(IDLE_MS, () => res.destroy());
    // Whoever goes away is told nothing, and what fails half-way shows as an answer that was cut.
    await pipeline(createReadStream(file), res).catch(() => res.destroy());
    return true;
  };
  const { hash, bytes } = artifact;
  const send = async () => signal.aborted || storage.use(hash, { use, bytes, signal });
  const sent = await inTurn(send).catch((error: Error) => {
    if (signal.aborted) return true;
    if (error instanceof StorageError) throw new HttpError(502, `it can't be had: ${error.message}`);
    throw error instanceof DamagedBlobError ? new HttpError(410, error.message) : error;
  });
  if (!sent) throw new HttpError(410, 'its files are gone');
}

/** Returns what is said of an artifact before it: it is to be saved, whatever is in it, and never shown. */
function headersOf({ name, bytes }: Artifact) {
  return {
    'content-type': 'application/gzip',
    'content-length': bytes,
    'content-disposition': `attachment; filename="${name}.tar.gz"`,
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
  };
}

async function keptBy(records: Pick<RecordStore, 'list'>, run: string): Promise<readonly Artifact[]> {
  const start = artifactsOf(run);
  const rows = await records.list(ARTIFACTS, { limit: MOST, after: start });
  const own = rows.filter(({ key }) => key.startsWith(start));
  const now = Date.now();
  return own
    .flatMap(({ data }) => artifactSchema.safeParse(data).data ?? [])
    .filter(({ expiresAt }) => expiresAt > now);
}
