import { hostname } from 'node:os';
import type { Manifest, SnapshotName } from '../../../activities/job/snapshots/snapshot.js';
import { findSnapshots } from '../../../activities/job/snapshots/snapshots.js';
import { harmless } from '../../format/paint.js';
import { typedWord } from '../../format/typed-word.js';
import { ServerAway, UserError } from '../../user-error.js';
import type { Api } from '../api.js';
import { noRun } from '../unknown-names.js';
import { whyNotHere } from './why-not-here.js';

/** Whose kept workspace is looked for, and where. */
export interface KeptQuery {
  /** As people name a run. */
  readonly name: string;
  /** Which of its jobs: needed where several are kept. */
  readonly job: string | undefined;
  /** Path of the data folder; undefined where there is no project. */
  readonly data: string | undefined;
  /** Asked only where the name is none of a run whose workspace is here. */
  readonly api: () => Promise<Pick<Api, 'namedRun' | 'run' | 'keptJobs'>>;
}

/** Returns what is known of the kept workspace of a failed job. Throws {@link UserError}: why there is none here, and where it is. */
export async function findKept({ name, job, data, api }: KeptQuery): Promise<Manifest> {
  const keptOf = async (run: string) => (data === undefined ? [] : findSnapshots(data, run));
  const isThere = (kept: readonly Manifest[]) => named(kept, job).length > 0;
  let here = await keptOf(name);
  if (isThere(here)) return chosen(here, { run: name, job });
  const server = await api();
  const { run } = await server.namedRun(name, 'shell').catch((error: unknown) => {
    if (!(error instanceof ServerAway)) throw error;
    throw new UserError(
      `${error.message}. By its whole id, a run whose workspace is on this machine is found without a server`,
    );
  });
  if (run !== name) here = await keptOf(run);
  if (isThere(here)) return chosen(here, { run, job });
  const state = await server.run(run);
  if (!state) return noRun(run);
  const { jobs } = await server.keptJobs(run);
  const meant = jobs.filter((one) => one.job === job);
  // Neither here nor elsewhere is a job of that name.
  if (here.length > 0 && meant.length === 0) return chosen(here, { run, job });
  const failed = meant.length > 0 ? meant : jobs;
  throw new UserError(whyNotHere({ run, state, jobs: failed, host: hostname(), data, now: Date.now() }));
}

/** Returns those that a person may mean: of several jobs of one name the first, unless another is asked for. */
function named(kept: readonly Manifest[], job: string | undefined): readonly Manifest[] {
  if (job === undefined) return kept;
  const exactly = kept.filter(({ of }) => nameOf(of) === job);
  return exactly.length > 0 ? exactly : kept.filter(({ of }) => of.job === job);
}

/** Returns what tells a job from the others of its name: `test#2`. */
function nameOf({ job, nth }: SnapshotName): string {
  return nth === undefined ? job : `${job}#${nth}`;
}

/** Throws {@link UserError} where it has to be said which job is meant, or there is no such one. */
function chosen(kept: readonly Manifest[], { run, job }: { run: string; job: string | undefined }): Manifest {
  const [one, ...others] = named(kept, job);
  if (one && others.length === 0) return one;
  const what = one ? `Several jobs of ${run} are kept` : `No workspace of a job "${job}" of ${run} is kept here`;
  const lines = kept.map(({ of }) => `  npx hookyard shell ${typedWord(run)} --job ${typedWord(nameOf(of))}`);
  throw new UserError([`${what}. Type one of:`, ...lines].map(harmless).join('\n'));
}
