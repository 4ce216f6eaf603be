import type { Providers } from '../../providers/apis.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { createFindTargets } from './find-targets.js';
import type { Ingest } from './ingest.js';
import { createRateLimit } from './rate-limit.js';
import { createReconcilePage } from './reconcile-page.js';
import { createSweepRepository } from './sweep-repository.js';

type Reconcile = Pick<Activities, 'findReconcileTargets' | 'reconcilePage' | 'sweepRepository'>;

/**
 * Returns the activities that find missed deliveries. Without `ingest`, only what a provider can send again is
 * recovered.
 */
export function createReconcile(
  deps: Pick<ActivityDeps, 'config' | 'store' | 'log'> & { readonly ingest?: Ingest },
  providers: Providers,
): Reconcile {
  const all = { ...deps, providers, rateLimit: createRateLimit(), ingest: deps.ingest };
  return {
    findReconcileTargets: createFindTargets(all),
    reconcilePage: createReconcilePage(all),
    sweepRepository: createSweepRepository(all),
  };
}
