import type { Config } from '../../../config/config.js';
import { FORGOTTEN_MIRRORS, forgottenSchema } from '../../../runs/forgotten-mirrors.js';
import type { RecordStore } from '../../../store/store.js';
import type { Manifest } from './snapshot.js';
import { sweepSnapshots } from './snapshots.js';

/** What {@link createSnapshotSweep} works with. */
export interface SnapshotSweepDeps {
  readonly config: Pick<Config, 'data' | 'jobs'>;
  readonly records: Pick<RecordStore, 'list'>;
}

const DAY_MS = 24 * 3_600_000;
/** Of a job that is under way, whose worker never came back: longer than a step takes. */
const ABANDONED_MS = 7 * DAY_MS;
const MAX_FORGOTTEN = 1_000;

/** Returns what removes the snapshots of this machine that are too old, or of repositories that were to be forgotten. */
export function createSnapshotSweep({ config, records }: SnapshotSweepDeps): () => Promise<void> {
  return async () => {
    const forgotten = await records.list(FORGOTTEN_MIRRORS, { limit: MAX_FORGOTTEN });
    const marks = forgotten.flatMap(({ data }) => forgottenSchema.safeParse(data).data ?? []);
    const isForgotten = ({ of, at: keptAt }: Manifest) =>
      marks.some(
        ({ source, repository, at }) =>
          at > keptAt &&
          (source === undefined || source === of.source) &&
          (repository === undefined || repository === of.repository),
      );
    await sweepSnapshots(config.data, ({ madeAt, manifest }) => {
      // One that is just being made can't be read yet.
      if (!manifest) return madeAt < Date.now() - DAY_MS;
      const mostMs = manifest.of.hold === undefined ? config.jobs.keepFailedDays * DAY_MS : ABANDONED_MS;
      return madeAt < Date.now() - mostMs || isForgotten(manifest);
    });
  };
}
