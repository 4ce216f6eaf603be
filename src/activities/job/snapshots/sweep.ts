import type { Config } from '../../../config/config.js';
import type { RecordStore } from '../../../store/store.js';
import { forgottenMarks } from '../../git/forgotten-marks.js';
import { type Manifest, runOfHold } from './snapshot.js';
import { sweepSnapshots } from './snapshots.js';

/** What {@link createSnapshotSweep} works with. */
export interface SnapshotSweepDeps {
  readonly config: Pick<Config, 'data' | 'jobs'>;
  readonly records: Pick<RecordStore, 'list'>;
  /** Returns whether a run goes on; undefined where nobody can tell now. */
  readonly isOpen: (run: { readonly workflowId: string; readonly runId: string }) => Promise<boolean | undefined>;
}

const DAY_MS = 24 * 3_600_000;
/** Of a job that is under way: longer than a step takes. */
const ABANDONED_MS = 7 * DAY_MS;

/**
 * Returns what removes the snapshots of this machine that are too old, of jobs whose run has ended, or of repositories that were to be
 * forgotten.
 */
export function createSnapshotSweep({ config, records, isOpen }: SnapshotSweepDeps): () => Promise<void> {
  return async () => {
    const marks = await forgottenMarks(records);
    const isForgotten = ({ of, at: keptAt }: Manifest) =>
      marks.some(
        ({ source, repository, at }) =>
          at > keptAt &&
          (source === undefined || source === of.source) &&
          (repository === undefined || repository === of.repository),
      );
    await sweepSnapshots(config.data, async ({ madeAt, manifest }) => {
      // One that is just being made can't be read yet.
      if (!manifest) return madeAt < Date.now() - DAY_MS;
      if (isForgotten(manifest)) return true;
      const { workflowId, hold } = manifest.of;
      if (hold === undefined) return madeAt < Date.now() - config.jobs.keepFailedDays * DAY_MS;
      // The worker of a run that was terminated, or whose job went on elsewhere, does not hear of its end.
      if (madeAt < Date.now() - ABANDONED_MS) return true;
      const runId = runOfHold(hold);
      return runId !== undefined && (await isOpen({ workflowId, runId })) === false;
    });
  };
}
