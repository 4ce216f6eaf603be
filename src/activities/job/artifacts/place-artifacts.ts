import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withDeadline } from '../../../async/deadline.js';
import type { Artifact } from '../../../runs/artifact-records.js';
import { belowCheckout, problemOfKeptPath } from '../../../runs/kept-path.js';
import type { ArtifactNeeded } from '../../contract/index.js';
import { refused, unavailable } from '../../failures.js';
import { unpack } from '../packing/archive.js';
import { inMegabytes, inSeconds } from '../packing/in-words.js';
import { kindOf } from '../packing/list-paths.js';
import { isTrusted } from '../trust.js';
import { type ArtifactDeps, type ArtifactsOf, homeOf } from './job-artifacts.js';

const PLACE_MS = 10 * 60_000;

/**
 * Puts the artifacts that a job needs into its checkout. Throws `Refused` where one is not there, can't be had here, or may not be used,
 * and why the storage can't be asked: the job can't begin without it.
 */
export async function placeArtifacts(
  deps: ArtifactDeps,
  of: ArtifactsOf,
  { needed, signal: parent }: { readonly needed: readonly ArtifactNeeded[]; readonly signal: AbortSignal },
): Promise<void> {
  const { job } = of;
  for (const one of needed) {
    const artifact = await findNeeded(deps, of, one);
    const began = Date.now();
    const error = () => unavailable(`artifact ${one.name}: it took more than ${PLACE_MS / 60_000} minutes`);
    await withDeadline({ ms: PLACE_MS, parent, error }, (signal) => place(deps, of, { artifact, one, signal }));
    const took = `${inMegabytes(artifact.bytes)} in ${inSeconds(Date.now() - began)}`;
    await job.jobLog.note(`artifact ${one.name}: placed, ${took}, kept by ${artifact.run}`);
  }
}

async function findNeeded(
  { book }: ArtifactDeps,
  { job, run }: ArtifactsOf,
  needed: ArtifactNeeded,
): Promise<Artifact> {
  const { name, run: from = run } = needed;
  const { source, repository } = homeOf(job);
  const found = await book.find(from, name);
  // What belongs to others is not told of.
  if (!found || found.source !== source || found.repository !== repository)
    throw refused(`artifact ${name}: ${from} has kept none of this name, or it has expired`);
  if (found.untrusted && needed.untrusted !== true && isTrusted(job.input.checkout))
    throw refused(
      `artifact ${name}: the code that has made it may be a stranger's; where the job only reads it, let it say untrusted: true`,
    );
  return found;
}

async function place(
  { storage }: ArtifactDeps,
  { job }: ArtifactsOf,
  { artifact, one, signal }: { artifact: Artifact; one: ArtifactNeeded; signal: AbortSignal },
): Promise<void> {
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
  const use = async (archive: string) => {
    await unpack(archive, { cwd, signal, gracePeriods, runner });
    return true;
  };
  if (artifact.place !== (await storage.place()) || !(await storage.use(artifact.hash, { use, signal })))
    throw refused(`artifact ${one.name}: what was kept is not on this worker's machine`);
}
