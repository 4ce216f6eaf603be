import { stat } from 'node:fs/promises';
import { isArtifactName } from '../../../runs/artifact-name.js';
import { belowCheckout, isKeptGlob, problemOfKeptGlob, problemOfKeptPath } from '../../../runs/kept-path.js';
import type { ArtifactAsked, ArtifactResult } from '../../contract/index.js';
import { contentsOf } from '../packing/archive.js';
import { inFiles, inMegabytes, inSeconds } from '../packing/in-words.js';
import { notKeptInWords, notReadInWords } from '../packing/left-out-in-words.js';
import { type ListedPaths, listPaths, PathError, type PathsToKeep } from '../packing/list-paths.js';
import { packInto } from '../packing/pack-into.js';
import { unjudgedInWords } from '../packing/paths-by-globs.js';
import { quoted } from '../packing/quoted.js';
import type { SharedTime } from '../packing/shared-time.js';
import { isTrusted } from '../trust.js';
import { type Room, takeRoom } from './artifact-room.js';
import { type ArtifactDeps, type ArtifactsOf, homeOf } from './job-artifacts.js';
import { leftOutInWords, linksOut, readLinks } from './links-out.js';
import { problemOfUnpacked } from './unpacked-size.js';

const DAY_MS = 24 * 3_600_000;

/** What of a job is kept. */
export interface Keeping {
  readonly asked: readonly ArtifactAsked[];
  /** It has files that a stranger's code may have made, and so may what is kept. */
  readonly hasStrangersFiles: boolean;
  /** What keeping may take. */
  readonly time: SharedTime;
  readonly signal: AbortSignal;
}

/**
 * Keeps the artifacts of a job whose steps have ended, however they have, and returns what became of each. Its log tells too. Never
 * rejects: the job has ended as it has, whatever becomes of them.
 */
export async function keepArtifacts(
  deps: ArtifactDeps,
  of: ArtifactsOf,
  { asked, ...how }: Keeping,
): Promise<readonly ArtifactResult[]> {
  const { job, run } = of;
  const results: ArtifactResult[] = [];
  for (const one of asked) {
    const { name } = one;
    const note = (text: string) => job.jobLog.note(`artifact ${name}: ${text}`, { aside: true });
    try {
      const kept = await keep(deps, of, { ...how, asked: one, note });
      results.push({ name, kept });
    } catch (error) {
      const because = job.mask((error as Error).message);
      if (!(error instanceof PathError))
        deps.log.warn({ err: error, run, job: job.input.name }, 'an artifact could not be kept');
      await note(`not kept: ${because}`);
      results.push({ name: job.mask(name), because });
    }
  }
  return results;
}

/**
 * Returns what became of the artifacts of a job whose worker was lost once its steps had ended: what was not kept by then is gone with what
 * they left. Its log tells too. Never rejects. `since`: when the job was first held, Unix ms: what an earlier try has kept is not this one's.
 */
export async function artifactsOfLost(
  { book }: Pick<ArtifactDeps, 'book'>,
  { job, run }: ArtifactsOf,
  { asked, since }: { readonly asked: readonly ArtifactAsked[]; readonly since: number },
): Promise<readonly ArtifactResult[]> {
  const because = 'its worker was lost before it was kept';
  const results: ArtifactResult[] = [];
  for (const { name } of asked) {
    const found = await book.find(run, name).catch(() => undefined);
    if (found?.job === job.input.name && found.savedAt >= since) {
      results.push({ name, kept: { bytes: found.bytes, files: found.files } });
      continue;
    }
    await job.jobLog.note(`artifact ${name}: not kept: ${because}`, { aside: true });
    results.push({ name: job.mask(name), because });
  }
  return results;
}

interface One extends Omit<Keeping, 'asked'>, Pick<PathsToKeep, 'note'> {
  readonly asked: ArtifactAsked;
}

async function keep(
  deps: ArtifactDeps,
  of: ArtifactsOf,
  { asked, hasStrangersFiles, note, time, signal: parent }: One,
): Promise<NonNullable<ArtifactResult['kept']>> {
  const { job, run } = of;
  const { name, paths, expiresMs = deps.config.artifacts.days * DAY_MS } = asked;
  if (!isArtifactName(name) || job.mask(name) !== name) throw new PathError('its name can not be shown');
  const began = Date.now();
  return time.within(parent, async (signal) => {
    const listed = await list(job.workspace.source, { paths, note, signal });
    const { allocated } = listed;
    // Until it is packed: a file with holes in it takes no others' room.
    const room = await takeRoom(deps, { run, name, ...homeOf(job), bytes: allocated, signal });
    try {
      const { files, ...blob } = await pack(deps, of, { listed, room, note, signal });
      signal.throwIfAborted();
      const savedAt = Date.now();
      await deps.book.note({
        ...{ run, job: job.input.name, name, files, savedAt, expiresAt: savedAt + expiresMs },
        ...{ ...homeOf(job), ...blob, place: await deps.storage.place() },
        ...((hasStrangersFiles || !isTrusted(job.input.checkout)) && { untrusted: true as const }),
      });
      await note(`kept, ${inFiles(files)}, ${inMegabytes(blob.bytes)} in ${inSeconds(savedAt - began)}`);
      return { bytes: blob.bytes, files };
    } finally {
      await room.leave();
    }
  });
}

async function list(folder: string, { paths, note, signal }: PathsToKeep): Promise<ListedPaths> {
  const isBad = (path: string) =>
    isKeptGlob(path)
      ? problemOfKeptGlob(path) !== undefined
      : problemOfKeptPath(path) !== undefined || path.startsWith('~');
  const bad = paths.find(isBad);
  if (bad !== undefined) throw new PathError(`${JSON.stringify(bad)} is no path below the checkout`);
  const listed = await listPaths(folder, {
    paths: paths.filter((path) => !isKeptGlob(path)).map(belowCheckout),
    globs: paths.filter((path) => isKeptGlob(path) && !path.startsWith('!')),
    without: paths.filter((path) => path.startsWith('!')).map((path) => path.slice(1)),
    shown: fromCheckout,
    signal,
  });
  for (const one of listed.idle) await note(`!${one} takes nothing away`);
  for (const one of listed.unjudged) await note(unjudgedInWords(one));
  for (const one of notKeptInWords(listed, fromCheckout)) await note(one);
  const missing = listed.missing.join(', ');
  if (listed.entries.length === 0)
    throw new PathError(missing === '' ? 'its paths leave nothing' : `there is no ${missing}`);
  if (missing !== '') await note(`there is no ${missing}`);
  return listed;
}

interface Packed extends Pick<PathsToKeep, 'note' | 'signal'> {
  readonly listed: ListedPaths;
  readonly room: Room;
}

/** Packs what was listed, without the links that lead out, and keeps it if it is that still. */
async function pack({ config, storage }: ArtifactDeps, { job }: ArtifactsOf, { listed, room, note, signal }: Packed) {
  const refuseTooLarge = (bytes: number) => {
    const problem = problemOfUnpacked(bytes, config);
    if (problem !== undefined) throw new PathError(problem);
  };
  refuseTooLarge(listed.bytes);
  const { runner, gracePeriods } = job;
  const folder = job.workspace.source;
  const out = await linksOut(folder, await readLinks(folder, listed.links, signal), signal);
  if (out.size > 0) await note(leftOutInWords(out));
  const entries = listed.entries.filter((path) => !out.has(path));
  let files = 0;
  const inspect = async (archive: string) => {
    const { links, bytes, ...has } = await contentsOf(archive, { cwd: folder, signal, gracePeriods, runner });
    files = has.files;
    const notRead = notReadInWords(listed.files - out.size - files);
    if (notRead !== undefined) await note(notRead);
    // Once more: a step may have left a program that changes them meanwhile.
    refuseTooLarge(bytes);
    const [changed] = await linksOut(folder, links, signal);
    if (changed !== undefined) throw new PathError(`${quoted(changed)} leads out of the checkout since it was packed`);
    await room.resize((await stat(archive)).size);
  };
  const place = { ...job, workspace: { ...job.workspace, folder } };
  return { ...(await packInto(storage, { job: place, entries, signal, inspect })), files };
}

/** Paths of artifacts are from the checkout, as their authors write them. */
function fromCheckout(path: string): string {
  return path;
}
