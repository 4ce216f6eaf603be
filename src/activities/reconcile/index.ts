import type { Providers } from '../../providers/apis.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { createFindTargets } from './find-targets.js';
import type { Ingest } from './ingest.js';
import { createPace } from './rate-limit.js';
import { createReconcilePage } from './reconcile-page.js';
import { createSweepRepository } from './sweep-repository.js';

type Reconcile = Pick<Activities, 'findReconcileTargets' | 'reconcilePage' | 'sweepRepository'>;

/** The activities that look for missed deliveries. Without `ingest`, only what a provider sends again comes back. */
export function createReconcile(
  deps: Pick<ActivityDeps, 'config' | 'store' | 'log'> & { readonly ingest?: Ingest },
  providers: Providers,
): Reconcile {
  const all = { ...deps, providers, pace: createPace(), ingest: deps.ingest };
  return {
    findReconcileTargets: createFindTargets(all),
    reconcilePage: createReconcilePage(all),
    sweepRepository: createSweepRepository(all),
  };
}
