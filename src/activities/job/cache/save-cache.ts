import { withDeadline } from '../../../async/deadline.js';
import type { Blob } from '../../../storage/blob-storage.js';
import { makeRoom } from '../../../storage/make-room.js';
import type { OpenJob } from '../open-job.js';
import { inMegabytes, inSeconds, MEGABYTE } from '../packing/in-words.js';
import { listPaths, PathError, shown } from '../packing/list-paths.js';
import { packInto } from '../packing/pack-into.js';
import { type CacheDeps, type CachesOf, type JobCache, shortOf } from './job-cache.js';

const SAVE_MS = 5 * 60_000;

/** Saves a cache that was not hit, unless another run has been faster, or the job may not; the job's log tells. Throws why it can't. */
export async function saveCache(
  deps: CacheDeps,
  { job, run }: CachesOf,
  { cache, signal }: { readonly cache: JobCache; readonly signal: AbortSignal },
): Promise<void> {
  const { key, scope, place } = cache;
  const { writes: branch } = scope;
  if (branch === undefined || cache.result.hit === 'exact') return;
  const note = (text: string) => job.jobLog.note(`cache ${key}: ${text}`, { aside: true });
  if (await deps.book.find(place, { branches: [branch, ...scope.reads], key })) return note('is saved already');
  const began = Date.now();
  const error = () => new Error(`it took more than ${SAVE_MS / 60_000} minutes`);
  const kept = await withDeadline({ ms: SAVE_MS, parent: signal, error }, (ending) =>
    keep(deps, job, { paths: place.paths, signal: ending }),
  );
  const saved = { bytes: kept.bytes, durationMs: Date.now() - began };
  await deps.book.note({ ...place, ...kept, branch, key, savedAt: Date.now(), run });
  cache.result = { ...cache.result, saved };
  const took = `${inMegabytes(saved.bytes)} in ${inSeconds(saved.durationMs)}`;
  await note(`saved on ${shortOf(branch)}, ${kept.files} files, ${took}`);
}

/** Packs what is below some paths, and keeps it where there is room for it. */
async function keep(
  { config, storage }: CacheDeps,
  job: OpenJob,
  { paths, signal }: { readonly paths: readonly string[]; readonly signal: AbortSignal },
): Promise<Blob & { readonly files: number }> {
  const { megabytes, entryMegabytes } = config.cache;
  const { entries, files, bytes, missing } = await listPaths(job.workspace.folder, { paths, signal });
  if (missing.length > 0) throw new PathError(`there is no ${missing.map(shown).join(', ')}`);
  if (bytes > entryMegabytes * MEGABYTE)
    throw new PathError(
      `it has ${inMegabytes(bytes)}, and cache.entryMegabytes of the configuration is ${entryMegabytes}`,
    );
  const blob = await packInto(storage, { job, entries, signal });
  if (blob.bytes > megabytes * MEGABYTE) {
    await storage.remove(blob.hash);
    throw new PathError(`it has ${inMegabytes(blob.bytes)}, and cache.megabytes of the configuration is ${megabytes}`);
  }
  await makeRoom(storage, { maxBytes: megabytes * MEGABYTE, keep: blob.hash });
  return { ...blob, files };
}
