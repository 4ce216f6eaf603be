import type { Providers } from '../../providers/providers.js';
import type { Activities } from '../contract.js';
import type { ActivityDeps } from '../deps.js';
import { createFindTargets } from './find-targets.js';
import { createPace } from './pace.js';
import { createReconcilePage } from './reconcile-page.js';
import { createSweepRepository } from './sweep-repository.js';
import type { TakeIn } from './take-in.js';

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
