import {
  type LocalActivityInterfaceFor,
  type LocalActivityOptions,
  proxyLocalActivities,
  type UntypedActivities,
} from '@temporalio/workflow';

/** Bounded like everything that a run waits for. A wait that is longer than the threshold becomes a timer of Temporal's. */
const LOCAL: LocalActivityOptions = {
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
  // Below the ten seconds of a workflow task, which a wait in the worker holds open.
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 12 },
};

/**
 * Your own activities as Temporal's local ones: called in the worker that runs the workflow, without the way over the
 * server that makes up most of a short call's time. For what takes less than some seconds, is cheap, may run twice, and
 * answers little. What has to be watched while it is retried, heartbeats, or takes longer is a regular activity:
 * `proxyActivities`.
 *
 * `options` are Temporal's; those that are given replace the defaults: 10 s for an attempt, 12 attempts within 5 min.
 */
export function localActivities<A = UntypedActivities>(
  options: LocalActivityOptions = {},
): LocalActivityInterfaceFor<A> {
  return proxyLocalActivities<A>({ ...LOCAL, ...options });
}
