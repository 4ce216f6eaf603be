import type { Providers } from '../../providers/apis.js';
import type { ActivityDeps } from '../deps.js';
import type { Ingest } from './ingest.js';
import type { RateLimit } from './rate-limit.js';

/** What the reconcile activities are built from. */
export interface ReconcileDeps extends Pick<ActivityDeps, 'config' | 'store' | 'log'> {
  readonly providers: Providers;
  readonly rateLimit: RateLimit;
  readonly ingest: Ingest | undefined;
}
