import type { Blob } from '../../../storage/blob-storage.js';
import { makeRoom } from '../../../storage/make-room.js';
import type { OpenJob } from '../open-job.js';
import { contentsOf } from '../packing/archive.js';
import { inFiles, inMegabytes, inSeconds, MEGABYTE } from '../packing/in-words.js';
import { notKeptInWords, notReadInWords } from '../packing/left-out-in-words.js';
import { asWritten, listPaths, PathError, type PathsToKeep } from '../packing/list-paths.js';
import { packInto } from '../packing/pack-into.js';
import type { SharedTime } from '../packing/shared-time.js';
import { shortOf } from './cache-scope.js';
import type { CacheDeps, CachesOf, JobCache } from './job-cache.js';

/** Saves a cache that was not hit, unless another run has been faster, or the job may not; the job's log tells. Throws why it can't. */
export async function saveCache(
  deps: CacheDeps,
  { job, run }: CachesOf,
  { cache, time, signal }: { readonly cache: JobCache; readonly time: SharedTime; readonly signal: AbortSignal },
): Promise<void> {
  const { key, scope, place } = cache;
  const { writes: branch } = scope;
  if (branch === undefined || cache.result.hit === 'exact') return;
  const note = (text: string) => job.jobLog.note(`cache ${key}: ${text}`, { aside: true });
  const began = Date.now();
  const kept = await time.within(signal, async (ending) =>
    (await isSaved(deps, { cache, branch, signal: ending }))
      ? undefined
      : keep(deps, job, { paths: place.paths, note, signal: ending }),
  );
  if (!kept) return note('is saved already');
  const saved = { bytes: kept.bytes, durationMs: Date.now() - began };
  await deps.book.note({ ...place, ...kept, branch, key, savedAt: Date.now(), run });
  cache.result = { ...cache.result, saved };
  const took = `${inMegabytes(saved.bytes)} in ${inSeconds(saved.durationMs)}`;
  await note(`saved on ${shortOf(branch)}, ${inFiles(kept.files)}, ${took}`);
}

/** Returns whether there is an entry of the key that the job would find, with its content: it may not have looked before its steps. */
async function isSaved(
  { book, storage }: CacheDeps,
  {
    cache: { place, scope, key },
    branch,
    signal,
  }: { readonly cache: JobCache; readonly branch: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const known = await book.find(place, { branches: [branch, ...scope.reads], key });
  return known !== undefined && (await storage.list(signal)).some(({ hash }) => hash === known.hash);
}

/** Packs what is below some paths, and keeps it where there is room for it. */
async function keep(
  { config, storage }: CacheDeps,
  job: OpenJob,
  { paths, note, signal }: PathsToKeep,
): Promise<Blob & { readonly files: number }> {
  const { megabytes, entryMegabytes } = config.cache;
  const { entries, bytes, missing, ...listed } = await listPaths(job.workspace.folder, { paths, signal });
  if (missing.length > 0) throw new PathError(`there is no ${missing.map(asWritten).join(', ')}`);
  for (const one of notKeptInWords(listed, asWritten)) await note(one);
  let files = 0;
  const refuseTooLarge = (all: number) => {
    if (all > entryMegabytes * MEGABYTE)
      throw new PathError(
        `it has ${inMegabytes(all)}, and cache.entryMegabytes of the configuration is ${entryMegabytes}`,
      );
  };
  refuseTooLarge(bytes);
  const inspect = async (archive: string) => {
    const { runner, gracePeriods } = job;
    const { folder: cwd } = job.workspace;
    const { links, bytes: unpacked, ...has } = await contentsOf(archive, { cwd, signal, gracePeriods, runner });
    files = has.files;
    const notRead = notReadInWords(listed.files - files);
    if (notRead !== undefined) await note(notRead);
    // Once more: a step may have left a program that changes them meanwhile.
    refuseTooLarge(unpacked);
    const changed = paths.find((path) => links.has(path));
    if (changed !== undefined) throw new PathError(`${asWritten(changed)} is a link since it was packed`);
  };
  const blob = await packInto(storage, { job, entries, signal, inspect });
  if (blob.bytes > megabytes * MEGABYTE) {
    await storage.remove(blob.hash);
    throw new PathError(`it has ${inMegabytes(blob.bytes)}, and cache.megabytes of the configuration is ${megabytes}`);
  }
  await makeRoom(storage, { maxBytes: megabytes * MEGABYTE, keep: blob.hash, signal });
  return { ...blob, files };
}
