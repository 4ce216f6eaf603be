import {
  type LocalActivityInterfaceFor,
  type LocalActivityOptions,
  proxyLocalActivities,
  type UntypedActivities,
} from '@temporalio/workflow';

/** Everything that a run waits for has a bound. A wait that is longer than the threshold becomes a timer of Temporal's. */
const DEFAULTS: LocalActivityOptions = {
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
  // Below the ten seconds of a workflow task, which a wait in the worker holds open.
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 12 },
};

/**
 * Returns your own activities as Temporal's local ones: they run in the worker that runs the workflow, which saves the
 * round trips to the server that make up most of a short call's time. Good for what takes at most a few seconds, may run
 * twice and returns little. What takes longer, heartbeats, or has to be visible while it is retried is a regular
 * activity: `proxyActivities`.
 *
 * `options` are Temporal's and replace the defaults one by one: 10 s for an attempt, 12 attempts within 5 min.
 *
 * @example
 * import { automation, localActivities, push } from 'hookyard/workflow';
 *
 * // Of the module that `activities` in hookyard.config.ts names: import its type alone.
 * interface Mine {
 *   priceOf(article: string): Promise<number>;
 * }
 * const { priceOf } = localActivities<Mine>({ startToCloseTimeout: '2 seconds' });
 *
 * export const prices = automation({ on: push({ branches: ['main'] }) }, async () => {
 *   if ((await priceOf('tea')) > 9) throw new Error('too dear');
 * });
 */
export function localActivities<A = UntypedActivities>(
  options: LocalActivityOptions = {},
): LocalActivityInterfaceFor<A> {
  return proxyLocalActivities<A>({ ...DEFAULTS, ...options });
}
