import type { Providers } from '../../providers/apis.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { createFindTargets } from './find-targets.js';
import type { TakeIn } from './ingest.js';
import { createPace } from './rate-limit.js';
import { createReconcilePage } from './reconcile-page.js';
import { createSweepRepository } from './sweep-repository.js';

type Reconcile = Pick<Activities, 'findReconcileTargets' | 'reconcilePage' | 'sweepRepository'>;

/** The activities that look for missed deliveries. Without `takeIn`, only what a provider sends again comes back. */
export function createReconcile(
  deps: Pick<ActivityDeps, 'config' | 'store' | 'log'> & { readonly takeIn?: TakeIn },
  providers: Providers,
): Reconcile {
  const all = { ...deps, providers, pace: createPace(), takeIn: deps.takeIn };
  return {
    findReconcileTargets: createFindTargets(all),
    reconcilePage: createReconcilePage(all),
    sweepRepository: createSweepRepository(all),
  };
}
