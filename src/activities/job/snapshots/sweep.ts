import type { Config } from '../../../config/config.js';
import { FORGOTTEN_MIRRORS, forgottenSchema } from '../../../runs/forgotten-mirrors.js';
import type { RecordStore } from '../../../store/store.js';
import { sweepSnapshots } from './snapshots.js';

/** What {@link createSnapshotSweep} works with. */
export interface SnapshotSweepDeps {
  readonly config: Pick<Config, 'data' | 'jobs'>;
  readonly records: Pick<RecordStore, 'list'>;
}

const DAY_MS = 24 * 3_600_000;
const MAX_FORGOTTEN = 1_000;

/** Returns what removes the kept workspaces of this machine that are too old, or of repositories that were to be forgotten. */
export function createSnapshotSweep({ config, records }: SnapshotSweepDeps): () => Promise<void> {
  return async () => {
    const forgotten = await records.list(FORGOTTEN_MIRRORS, { limit: MAX_FORGOTTEN });
    const marks = forgotten.flatMap(({ data }) => forgottenSchema.safeParse(data).data ?? []);
    await sweepSnapshots(config.data, {
      before: Date.now() - config.jobs.keepFailedDays * DAY_MS,
      isForgotten: ({ of, at: keptAt }) =>
        marks.some(
          ({ source, repository, at }) =>
            at > keptAt &&
            (source === undefined || source === of.source) &&
            (repository === undefined || repository === of.repository),
        ),
    });
  };
}
