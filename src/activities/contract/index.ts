import type { ApprovalActivities } from './approvals.js';
import type { BuildActivities } from './builds.js';
import type { GitActivities } from './git.js';
import type { JobActivities } from './job.js';
import type { LaneActivities } from './lanes.js';
import type { NotifyActivities } from './notify.js';
import type { OutboundActivities } from './outbound.js';
import type { PullRequestActivities } from './pull-requests.js';
import type { ReconcileActivities } from './reconcile.js';
import type { ResultActivities } from './results.js';
import type { RunActivities } from './runs.js';
import type { StatusActivities } from './status.js';
import type { SyncActivities } from './sync.js';
import type { WaitActivities } from './waits.js';

export type * from './approvals.js';
export type * from './artifacts.js';
export type * from './builds.js';
export type * from './cache.js';
export type * from './checkout.js';
export type * from './git.js';
export type * from './id-token.js';
export type * from './job.js';
export type * from './job-result.js';
export type * from './job-runner.js';
export type * from './job-step.js';
export type * from './lanes.js';
export type * from './notify.js';
export type * from './outbound.js';
export type * from './pull-requests.js';
export type * from './reconcile.js';
export type * from './results.js';
export type * from './runs.js';
export type * from './secret-name.js';
export type * from './status.js';
export type * from './sync.js';
export type * from './tests.js';
export type * from './waits.js';

/**
 * The activities that workflows may call: the contract that both sides share. Each takes one object, returns something
 * small, and may run twice. The implementations hold the credentials; a workflow only names them.
 *
 * Names, inputs and results stand in the histories of runs: open runs of an older version must go on with them.
 */
export interface Activities
  extends JobActivities,
    StatusActivities,
    BuildActivities,
    GitActivities,
    NotifyActivities,
    OutboundActivities,
    SyncActivities,
    PullRequestActivities,
    RunActivities,
    ResultActivities,
    ApprovalActivities,
    LaneActivities,
    WaitActivities,
    ReconcileActivities {}

/** Failures cross Temporal as an `ApplicationFailure` with one of these types, so there is no class for each. */
export type FailureType =
  /** A person must change the configuration: a name that is not configured, a credential that is refused. */
  | 'NotConfigured'
  /** The other side refused, and would refuse again. */
  | 'Refused'
  /** A service can't be reached, or answers that it can't work now. Retried. */
  | 'Away'
  /** Something no longer exists: a commit that was force-pushed away, for example. */
  | 'Gone'
  /** A step of a job did not pass: a result, which fails so that it is seen. */
  | 'StepFailed'
  /** This host does not hold the job, or no more: it begins anew where it is held. */
  | 'JobLost'
  /** The address leads somewhere private and the configuration does not allow it. */
  | 'PrivateAddress';
