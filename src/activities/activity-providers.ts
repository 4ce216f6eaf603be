import { Context } from '@temporalio/activity';
import { createProviders, type Providers } from '../providers/apis.js';
import type { ActivityDeps } from './deps.js';

/** Returns the providers' APIs for activities: a call ends when its activity is cancelled. */
export function activityProviders({ config, log }: Pick<ActivityDeps, 'config' | 'log'>): Providers {
  return createProviders({ config, log, signal: () => Context.current().cancellationSignal });
}
