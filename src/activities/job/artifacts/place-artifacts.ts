import { lstat, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withFirstAbort } from '../../../async/first-abort.js';
import type { Artifact } from '../../../runs/artifact-records.js';
import { belowCheckout, problemOfKeptPath } from '../../../runs/kept-path.js';
import type { ArtifactWanted } from '../../contract/index.js';
import { refused } from '../../failures.js';
import { contentsOf, unpack } from '../packing/archive.js';
import type { Contents } from '../packing/contents.js';
import { inMegabytes, inSeconds } from '../packing/in-words.js';
import { kindOf, PathError } from '../packing/list-paths.js';
import type { SharedTime } from '../packing/shared-time.js';
import { isTrusted } from '../trust.js';
import { findNeeded, namesOf } from './find-needed.js';
import { type ArtifactDeps, type ArtifactsOf, homeOf } from './job-artifacts.js';
import { leftOutInWords, linksOut } from './links-out.js';
import { problemOfUnpacked } from './unpacked-size.js';

/** What a job needs. */
export interface Placing {
  readonly needed: readonly ArtifactWanted[];
  /** What placing may take, beside the job's own time. */
  readonly time: SharedTime;
  readonly signal: AbortSignal;
}

/** What was placed. */
export interface Placed {
  /** A stranger's code may have made some of it. */
  readonly hasStrangersFiles: boolean;
  /** SHA-256 of what each holds, in their order. */
  readonly contents: readonly string[];
}

/**
 * Puts the artifacts that a job needs into its checkout, without links that lead out of it. Returns undefined where the job's time is over
 * before they are there: that is a result like any other. Throws `Refused` where one is not there, can't be had here, or may not be used,
 * and why the storage can't be asked: the job can't begin without it.
 */
export async function placeArtifacts(
  deps: ArtifactDeps,
  of: ArtifactsOf,
  { needed, time, signal: parent }: Placing,
): Promise<Placed | undefined> {
  const { job } = of;
  const links = new Map<string, string>();
  const contents: string[] = [];
  let hasStrangersFiles = false;
  const placeAll = async (either: AbortSignal) => {
    for (const one of needed) {
      const artifact = await judged(deps, of, one);
      hasStrangersFiles ||= artifact.untrusted === true;
      contents.push(artifact.hash);
      const began = Date.now();
      const placed = await time.within(either, (signal) => place(deps, of, { artifact, one, signal }));
      for (const [path, target] of placed.links) links.set(path, target);
      const took = `${inMegabytes(artifact.bytes)} in ${inSeconds(Date.now() - began)}`;
      await job.jobLog.note(`artifact ${artifact.name}: placed, ${took}, kept by ${artifact.run}`);
    }
    // Once all are there: one may lead over another's.
    if (links.size > 0) await time.within(either, (signal) => removeLinksOut(of, links, signal));
  };
  try {
    await withFirstAbort([parent, job.limit], placeAll);
  } catch (error) {
    if (parent.aborted || !job.limit.aborted) throw error;
    await job.jobLog.note(`stopped: the job took more than ${job.input.timeoutMs / 1000} s`);
    return undefined;
  }
  return { hasStrangersFiles, contents };
}

/** Returns an artifact that a job may use. Throws `Refused` where there is none. */
async function judged({ book }: ArtifactDeps, { job, run }: ArtifactsOf, needed: ArtifactWanted): Promise<Artifact> {
  const { run: from = run } = needed;
  const { source, repository } = homeOf(job);
  const found = await findNeeded(book, needed, run);
  // What belongs to others is not told of.
  if (!found || found.source !== source || found.repository !== repository)
    throw refused(`artifact ${namesOf(needed).join(' or ')}: ${from} has kept none of this name, or it has expired`);
  if (found.untrusted && needed.untrusted !== true && isTrusted(job.input.checkout))
    throw refused(
      `artifact ${found.name}: the code that has made it may be a stranger's; where the job only reads it, let it say untrusted: true`,
    );
  return found;
}

/** Returns what was placed, by paths from the checkout. */
async function place(
  { config, storage }: ArtifactDeps,
  { job }: ArtifactsOf,
  { artifact, one, signal }: { artifact: Artifact; one: ArtifactWanted; signal: AbortSignal },
): Promise<Contents> {
  const { workspace, runner, gracePeriods } = job;
  const { dir } = one;
  if (dir !== undefined && problemOfKeptPath(dir) !== undefined)
    throw refused(`artifact ${one.name}: its folder ${JSON.stringify(dir)} ${problemOfKeptPath(dir)}`);
  const below = dir === undefined ? undefined : belowCheckout(dir);
  const kind = below === undefined ? 'folder' : await kindOf(workspace.source, below).catch(() => 'link');
  if (kind !== 'folder' && kind !== 'missing')
    throw refused(`artifact ${one.name}: ${dir} is no folder of the checkout`);
  const cwd = below === undefined ? workspace.source : join(workspace.source, below);
  await mkdir(cwd, { recursive: true });
  const call = { cwd, signal, gracePeriods, runner };
  const use = async (archive: string) => {
    const contents = await contentsOf(archive, call).catch((error: Error) => {
      throw error instanceof PathError ? refused(`artifact ${one.name}: ${error.message}`) : error;
    });
    const problem = problemOfUnpacked(contents.bytes, config);
    if (problem !== undefined) throw refused(`artifact ${one.name}: ${problem}`);
    await unpack(archive, call);
    return contents;
  };
  const { hash, bytes } = artifact;
  const placed = artifact.place === (await storage.place()) && (await storage.use(hash, { use, bytes, signal }));
  if (!placed)
    throw refused(
      `artifact ${one.name}: what was kept is not where this worker looks: in its data folder, or its bucket`,
    );
  if (below === undefined) return placed;
  return { ...placed, links: new Map([...placed.links].map(([path, target]) => [join(below, path), target])) };
}

async function removeLinksOut(
  { job }: ArtifactsOf,
  links: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const { source } = job.workspace;
  const out = await linksOut(source, links, signal);
  for (const path of out) {
    signal.throwIfAborted();
    const at = join(source, path);
    if ((await lstat(at).catch(() => undefined))?.isSymbolicLink()) await rm(at);
  }
  if (out.size > 0) await job.jobLog.note(`artifacts: ${leftOutInWords(out)}`);
}
