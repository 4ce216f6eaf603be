import { withDeadline } from '../../../async/deadline.js';
import { isArtifactName } from '../../../runs/artifact-name.js';
import { belowCheckout, problemOfKeptPath } from '../../../runs/kept-path.js';
import type { ArtifactAsked, ArtifactResult } from '../../contract/index.js';
import { inMegabytes, inSeconds, MEGABYTE } from '../packing/in-words.js';
import { type ListedPaths, listPaths, PathError, shown } from '../packing/list-paths.js';
import { packInto } from '../packing/pack-into.js';
import { isTrusted } from '../trust.js';
import { type ArtifactDeps, type ArtifactsOf, homeOf } from './job-artifacts.js';
import { linksOut } from './links-out.js';

const KEEP_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Keeps the artifacts of a job whose steps have ended, however they have, and returns what became of each. Its log tells too. Never
 * rejects: the job has ended as it has, whatever becomes of them.
 */
export async function keepArtifacts(
  deps: ArtifactDeps,
  of: ArtifactsOf,
  { asked, signal }: { readonly asked: readonly ArtifactAsked[]; readonly signal: AbortSignal },
): Promise<readonly ArtifactResult[]> {
  const { job, run } = of;
  const results: ArtifactResult[] = [];
  for (const one of asked) {
    const { name } = one;
    const note = (text: string) => job.jobLog.note(`artifact ${name}: ${text}`, { aside: true });
    try {
      const kept = await keep(deps, of, { asked: one, note, signal });
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

async function keep(
  deps: ArtifactDeps,
  { job, run }: ArtifactsOf,
  { asked, note, signal: parent }: { asked: ArtifactAsked; note: (text: string) => Promise<void>; signal: AbortSignal },
): Promise<NonNullable<ArtifactResult['kept']>> {
  const { config, storage, book } = deps;
  const { name, paths, expiresMs = config.artifacts.days * DAY_MS } = asked;
  if (!isArtifactName(name) || job.mask(name) !== name) throw new PathError('its name can not be shown');
  const began = Date.now();
  const error = () => new Error(`it took more than ${KEEP_MS / 60_000} minutes`);
  const { blob, files } = await withDeadline({ ms: KEEP_MS, parent, error }, async (signal) => {
    const listed = await list(job.workspace.source, { paths, note, signal });
    await requireRoom(deps, { run, name, bytes: listed.bytes });
    const entries = await withoutLinksOut(job.workspace.source, { listed, note });
    const place = { ...job, workspace: { ...job.workspace, folder: job.workspace.source } };
    return { blob: await packInto(storage, { job: place, entries, signal }), files: listed.files };
  });
  const savedAt = Date.now();
  await book.note({
    ...{ run, job: job.input.name, name, files, savedAt, expiresAt: savedAt + expiresMs },
    ...{ ...homeOf(job), ...blob, place: await storage.place() },
    ...(!isTrusted(job.input.checkout) && { untrusted: true as const }),
  });
  await note(`kept, ${files} files, ${inMegabytes(blob.bytes)} in ${inSeconds(savedAt - began)}`);
  return { bytes: blob.bytes, files };
}

async function list(
  folder: string,
  {
    paths,
    note,
    signal,
  }: {
    readonly paths: readonly string[];
    readonly note: (text: string) => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<ListedPaths> {
  const bad = paths.find((path) => problemOfKeptPath(path) !== undefined || path.startsWith('~'));
  if (bad !== undefined) throw new PathError(`${JSON.stringify(bad)} is no path below the checkout`);
  const listed = await listPaths(folder, { paths: paths.map(belowCheckout), signal });
  const missing = listed.missing.map(shown).join(', ');
  if (listed.entries.length === 0) throw new PathError(`there is no ${missing}`);
  if (missing !== '') await note(`there is no ${missing}`);
  return listed;
}

/** Throws where an artifact has no room beside those that are kept: what was promised to be kept is not removed for it. */
async function requireRoom(
  { config, storage, book }: ArtifactDeps,
  { run, name, bytes }: { readonly run: string; readonly name: string; readonly bytes: number },
): Promise<void> {
  const { perRun, runMegabytes, megabytes } = config.artifacts;
  const others = (await book.of(run)).filter((one) => one.name !== name);
  if (others.length >= perRun)
    throw new PathError(`its run has ${others.length}, and artifacts.perRun of the configuration is ${perRun}`);
  const ofRun = bytes + others.reduce((sum, one) => sum + one.bytes, 0);
  if (ofRun > runMegabytes * MEGABYTE)
    throw new PathError(
      `with it, its run has ${inMegabytes(ofRun)}, and artifacts.runMegabytes of the configuration is ${runMegabytes}`,
    );
  const all = bytes + (await storage.list()).reduce((sum, blob) => sum + blob.bytes, 0);
  if (all > megabytes * MEGABYTE)
    throw new PathError(
      `with it, all have ${inMegabytes(all)}, and artifacts.megabytes of the configuration is ${megabytes}`,
    );
}

async function withoutLinksOut(
  folder: string,
  { listed, note }: { readonly listed: ListedPaths; readonly note: (text: string) => Promise<void> },
): Promise<readonly string[]> {
  const out = await linksOut(folder, listed.links);
  if (out.size > 0) await note(`links that lead out of the checkout are left out: ${[...out].slice(0, 5).join(', ')}`);
  return listed.entries.filter((path) => !out.has(path));
}
