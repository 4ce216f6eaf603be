import { continueAsNew, log, metricMeter } from '@temporalio/workflow';
import type { ReconcileCounts } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { LOOKS } from '../../runs/names.js';
import { reconciling } from '../run/activities.js';
import { progress } from '../run/progress.js';
import { NO_COUNTS } from './reconcile-counts.js';
import { createPass, type PassProgress } from './reconcile-pass.js';

/** The input of a pass. Stored in histories, so its fields keep their names. */
export interface ReconcileInput {
  /** Name of the source. */
  readonly source: string;
  /** ISO 8601. Default: where the last pass over each target ended. */
  readonly since?: string;
  /** How far the runs before this one have come. */
  readonly progress?: PassProgress;
}

/** The result of a pass, as the Temporal UI shows it. */
export interface ReconcileResult extends ReconcileCounts {
  /** `failed`: a part of it could not be compared. */
  readonly outcome: 'passed' | 'failed';
  readonly source: string;
  readonly targets: number;
  /** Why there was nothing to compare. */
  readonly because?: string;
  /** What could not be compared, or is given up, and why; 20 at most. */
  readonly troubles: readonly string[];
}

/** Keeps a run's history small. */
const PAGES_A_RUN = 50;
const MAX_TROUBLES = 20;

/**
 * Finds the deliveries of a source that never arrived, and brings them in: the provider is asked to redeliver what its
 * list shows as unanswered; where it keeps no list, the state of the repositories is compared with what deliveries have
 * reported. The same pass again finds nothing more. What can't be compared is reported, and the other targets are
 * compared all the same; the rest is left for the next pass when the provider fails several times in a row.
 */
export async function hookyardReconcile({ source, since, progress: come }: ReconcileInput): Promise<ReconcileResult> {
  progress.publish();
  const begun = come ?? (await begin(source));
  if ('because' in begun) {
    count(source, 'passed');
    return { outcome: 'passed', source, targets: 0, ...NO_COUNTS, troubles: [], because: begun.because };
  }
  const pass = createPass({ source, since }, begun);
  for (let pages = 0; !pass.ended(); pages++) {
    if (pages === PAGES_A_RUN)
      await continueAsNew<typeof hookyardReconcile>({ source, ...(since && { since }), progress: pass.progress() });
    await pass.page();
  }
  await pass.takeSuspects();
  const { targets, counts, troubles } = pass.progress();
  const outcome = troubles.length === 0 ? 'passed' : 'failed';
  count(source, outcome);
  const about = { source, outcome, targets: targets.length, ...counts, troubles: troubles.length };
  if (outcome === 'passed') log.info('missed deliveries were looked for', about);
  else log.warn('not all missed deliveries were looked for: npx hookyard doctor', { ...about, trouble: troubles[0] });
  return { outcome, source, targets: targets.length, ...counts, troubles: troubles.slice(0, MAX_TROUBLES) };
}

function count(source: string, outcome: ReconcileResult['outcome']): void {
  metricMeter.createCounter(LOOKS).add(1, { source, outcome });
}

async function begin(source: string): Promise<PassProgress | { because: string }> {
  const { targets, settleMs, because } = await reconciling.findReconcileTargets({ source });
  if (because === undefined) return { targets, settleMs, done: 0, counts: NO_COUNTS, suspects: [], troubles: [] };
  progress.step(`Source ${source}`).end('passed', plain(because));
  return { because };
}
