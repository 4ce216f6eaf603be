import {
  type ActivityOptions,
  type LocalActivityOptions,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/contract/index.js';

/** How each kind of activity is retried: the one place to look for the waits of a run. */

/**
 * A cancelled run hears the end of what it has begun: a build that is stopped is written up, and a remote build that was
 * just triggered is known, so that it can be cancelled.
 */
const HEARD_OUT = { cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const satisfies ActivityOptions;

/** Calls of a provider's API or a messaging service: minutes of outage are ridden out, refusals end at once. */
const SERVICE_CALL: ActivityOptions = {
  ...HEARD_OUT,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
};

/**
 * Writes to our own store: short, and harmless when done twice, so they don't go by way of the server. A store that is
 * away for longer than a moment is waited for by timers of Temporal's, up to an hour.
 */
const STORE_CALL: LocalActivityOptions = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 hour',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
};

/** What a run may do without: a few minutes, and then it goes on not knowing. */
const LOOKUP: ActivityOptions = {
  ...HEARD_OUT,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 6 },
};

/** Notices that the worker is gone within seconds, and lets cancellation arrive as fast. */
const HEARTBEAT = '15 seconds';

/** A job on a worker that is lost starts anew on another; a red build is a result and is not retried. */
const JOB: ActivityOptions = {
  ...HEARD_OUT,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 10 },
};

/** Waiting for somebody else's build, by polling. */
const REMOTE_WAIT: ActivityOptions = {
  ...HEARD_OUT,
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 20 },
};

/** The activity itself names each wait (5 s to 10 h, or what the endpoint asks for), eight attempts in all. */
const OUTBOUND: ActivityOptions = {
  ...HEARD_OUT,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '5 seconds', maximumAttempts: 8 },
};

/** A page of deliveries, with those that are missing: paced, so it may take minutes. Goes on where a lost worker was. */
const RECONCILE: ActivityOptions = {
  startToCloseTimeout: '1 hour',
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes', maximumAttempts: 12 },
};

const MIRROR: ActivityOptions = { ...JOB, startToCloseTimeout: '1 hour' };

export const service = proxyActivities<Activities>(SERVICE_CALL);
export const store = proxyLocalActivities<Pick<Activities, 'upsertRecord'>>(STORE_CALL);
export const lookup = proxyActivities<Activities>(LOOKUP);
export const job = proxyActivities<Activities>(JOB);
export const remoteWait = proxyActivities<Activities>(REMOTE_WAIT);
export const outbound = proxyActivities<Activities>(OUTBOUND);
export const reconciling = proxyActivities<Activities>(RECONCILE);
export const mirroring = proxyActivities<Activities>(MIRROR);
