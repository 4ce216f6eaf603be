import { continueAsNew, log } from '@temporalio/workflow';
import type { ReconcileCounts } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { reconciling } from '../run/activities.js';
import { story } from '../run/progress.js';
import { NOTHING_YET } from './reconcile-counts.js';
import { createLook, type LookProgress } from './reconcile-pass.js';

export interface ReconcileInput {
  /** Name of the source. */
  readonly source: string;
  /** ISO 8601. Default: where the last look at each target ended. */
  readonly since?: string;
  /** Where the run before this one has come to. */
  readonly progress?: LookProgress;
}

/** As its result in the Temporal UI. */
export interface ReconcileResult extends ReconcileCounts {
  /** `failed`: a part of it could not be looked at. */
  readonly outcome: 'passed' | 'failed';
  readonly source: string;
  readonly targets: number;
  /** Why there was nothing to look at. */
  readonly because?: string;
  /** What could not be looked at, or is given up, and why; 20 at most. */
  readonly troubles: readonly string[];
}

/** A run's history stays small. */
const PAGES_A_RUN = 50;
const MAX_TROUBLES = 20;

/**
 * Looks for deliveries of a source that never arrived, and brings them in: the provider is asked to send again what it
 * says that nobody answered; where it keeps no list, what stands in the repositories is compared with what was told.
 * The same look again finds nothing more. What can't be looked at is told, and the others are looked at all the same; a
 * provider that fails several times in a row is left for the next look.
 */
export async function hookyardReconcile({ source, since, progress }: ReconcileInput): Promise<ReconcileResult> {
  story.tell();
  const begun = progress ?? (await begin(source));
  if ('because' in begun)
    return { outcome: 'passed', source, targets: 0, ...NOTHING_YET, troubles: [], because: begun.because };
  const look = createLook({ source, since }, begun);
  for (let pages = 0; !look.ended(); pages++) {
    if (pages === PAGES_A_RUN)
      await continueAsNew<typeof hookyardReconcile>({ source, ...(since && { since }), progress: look.progress() });
    await look.page();
  }
  await look.takeSuspects();
  const { targets, counts, troubles } = look.progress();
  const outcome = troubles.length === 0 ? 'passed' : 'failed';
  const about = { source, outcome, targets: targets.length, ...counts, troubles: troubles.length };
  if (outcome === 'passed') log.info('reconcile', about);
  else log.warn('reconcile', { ...about, trouble: troubles[0] });
  return { outcome, source, targets: targets.length, ...counts, troubles: troubles.slice(0, MAX_TROUBLES) };
}

async function begin(source: string): Promise<LookProgress | { because: string }> {
  const { targets, settleMs, because } = await reconciling.findReconcileTargets({ source });
  if (because === undefined) return { targets, settleMs, done: 0, counts: NOTHING_YET, suspects: [], troubles: [] };
  story.begin(`Source ${source}`).end('passed', plain(because));
  return { because };
}
