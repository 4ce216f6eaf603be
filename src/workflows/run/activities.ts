import {
  type ActivityOptions,
  type LocalActivityOptions,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/contract/index.js';

/** How each kind of activity is timed and retried: the one place to look for how long a run may wait. */

/**
 * A cancelled run waits for the end of what it has begun: a build that is stopped gets its status, and a remote build
 * that was just triggered becomes known, so that it can be cancelled.
 */
const WAIT_FOR_END = { cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const satisfies ActivityOptions;

/**
 * Calls of a Git provider's API: a provider that is away is waited for for a day, refusals end at once, and answers that
 * can't be used after an hour (src/activities/failures.ts).
 */
const PROVIDER_CALL: ActivityOptions = {
  ...WAIT_FOR_END,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
};

/** Reports on commits. The activity itself gives up after an hour, and leaves the report to what sweeps up after runs. */
const STATUS_CALL: ActivityOptions = { ...PROVIDER_CALL, scheduleToCloseTimeout: '2 hours' };

/** Calls of Temporal, a messaging or a build service: outages are waited out for an hour, refusals end at once. */
const SERVICE_CALL: ActivityOptions = {
  ...WAIT_FOR_END,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
};

/**
 * Writes to our own store: short, and harmless when done twice, so they are local activities, without a round trip to
 * the Temporal server. A store that is away for long is waited for by Temporal's timers, up to an hour.
 */
const STORE_CALL: LocalActivityOptions = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 hour',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
};

/** What a run can do without: after a few minutes it goes on without an answer. */
const LOOKUP: ActivityOptions = {
  ...WAIT_FOR_END,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 6 },
};

/** Lets Temporal notice within seconds that a worker is gone, and cancellation arrive as fast. */
const HEARTBEAT = '15 seconds';

/** How often a job is begun at most, because its worker was lost or its commit could not be checked out. */
export const JOB_ATTEMPTS = 10;

/** A job whose worker is lost starts anew on another; a failed build is a result and is not retried. */
const JOB: ActivityOptions = {
  ...WAIT_FOR_END,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: HEARTBEAT,
  retry: {
    initialInterval: '2 seconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: JOB_ATTEMPTS,
  },
};

/**
 * A step of a job, on the task queue of the host that holds it. It is not tried again by Temporal: one that does not pass is a result,
 * and one that is lost with its host begins anew with the whole job. A queue whose host is gone takes it for half a minute.
 */
const HOST_STEP: ActivityOptions = {
  ...WAIT_FOR_END,
  startToCloseTimeout: '1 hour',
  scheduleToStartTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT,
  retry: { maximumAttempts: 1 },
};

/** Waits for a build elsewhere, by polling. An attempt ends after minutes of failures; the build's own timeout ends all. */
const REMOTE_WAIT: ActivityOptions = {
  ...WAIT_FOR_END,
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 500 },
};

/** Eight attempts; the activity itself chooses each wait (5 s to 10 h, or what the endpoint asks for). */
const OUTBOUND: ActivityOptions = {
  ...WAIT_FOR_END,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '5 seconds', maximumAttempts: 8 },
};

/** A page of deliveries and those that are missing: rate-limited, so it may take minutes. Resumes where a lost worker was. */
const RECONCILE: ActivityOptions = {
  startToCloseTimeout: '1 hour',
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes', maximumAttempts: 12 },
};

const MIRROR: ActivityOptions = { ...JOB, startToCloseTimeout: '1 hour' };

/** Calls of Git providers' APIs. */
export const provider = proxyActivities<Activities>(PROVIDER_CALL);
/** Reports on commits. */
export const statuses = proxyActivities<Pick<Activities, 'reportStatus'>>(STATUS_CALL);
/** Calls of Temporal, and of messaging and build services. */
export const service = proxyActivities<Activities>(SERVICE_CALL);
/** Writes to Hookyard's own store. */
export const store =
  proxyLocalActivities<
    Pick<
      Activities,
      | 'upsertRecord'
      | 'noteResult'
      | 'enterLane'
      | 'stepAside'
      | 'takeSlot'
      | 'openWait'
      | 'closeWait'
      | 'freeWait'
      | 'closeWaits'
      | 'endRun'
    >
  >(STORE_CALL);
/** Calls that a run can do without. */
export const lookup = proxyActivities<Activities>(LOOKUP);
/** Jobs. */
export const job = proxyActivities<Activities>(JOB);
/** Steps of jobs, and the end of these. */
export const hostSteps =
  proxyActivities<Pick<Activities, 'runStep' | 'keepJob' | 'snapshotJob' | 'closeJob'>>(HOST_STEP);
/** Waits for builds elsewhere. */
export const remoteWait = proxyActivities<Activities>(REMOTE_WAIT);
/** Webhooks to others. */
export const outbound = proxyActivities<Activities>(OUTBOUND);
/** Parts of a reconcile pass. */
export const reconciling = proxyActivities<Activities>(RECONCILE);
/** Mirrors of repositories. */
export const mirroring = proxyActivities<Activities>(MIRROR);
