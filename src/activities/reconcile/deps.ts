import type { Providers } from '../../providers/apis.js';
import type { ActivityDeps } from '../deps.js';
import type { Ingest } from './ingest.js';
import type { Pace } from './rate-limit.js';

/** What looking for missed deliveries is built from. */
export interface ReconcileDeps extends Pick<ActivityDeps, 'config' | 'store' | 'log'> {
  readonly providers: Providers;
  readonly pace: Pace;
  readonly ingest: Ingest | undefined;
}
