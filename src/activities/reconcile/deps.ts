import type { Providers } from '../../providers/providers.js';
import type { ActivityDeps } from '../deps.js';
import type { Pace } from './pace.js';
import type { TakeIn } from './take-in.js';

/** What looking for missed deliveries is built from. */
export interface ReconcileDeps extends Pick<ActivityDeps, 'config' | 'store' | 'log'> {
  readonly providers: Providers;
  readonly pace: Pace;
  readonly takeIn: TakeIn | undefined;
}
