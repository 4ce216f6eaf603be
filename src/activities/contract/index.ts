import type { RemoteBuildActivities } from './builds.js';
import type { JobActivities } from './job.js';
import type { MessageActivities } from './notify.js';
import type { OutboundActivities } from './outbound.js';
import type { ProviderActivities } from './pull-requests.js';
import type { ReconcileActivities } from './reconcile.js';
import type { RunActivities } from './runs.js';
import type { StatusActivities } from './status.js';
import type { SyncActivities } from './sync.js';

export type * from './builds.js';
export type * from './job.js';
export type * from './notify.js';
export type * from './outbound.js';
export type * from './pull-requests.js';
export type * from './reconcile.js';
export type * from './runs.js';
export type * from './status.js';
export type * from './sync.js';

/**
 * What workflows may ask of activities: the one contract that the two sides share, a file for each kind in contract/.
 * Each activity takes one object, returns something small, and may run twice. Whoever implements them holds the
 * credentials; a workflow only names them.
 */
export interface Activities
  extends JobActivities,
    StatusActivities,
    RemoteBuildActivities,
    MessageActivities,
    OutboundActivities,
    SyncActivities,
    ProviderActivities,
    RunActivities,
    ReconcileActivities {}

/** A type alias and not a class of errors: failures cross Temporal as `ApplicationFailure` with one of these types. */
export type FailureType =
  /** A person must change the configuration: a name that is not configured, a credential that is refused. */
  | 'NotConfigured'
  /** The other side said no for good. */
  | 'Refused'
  /** What was asked for is not there: a commit that was force-pushed away, for example. */
  | 'Gone'
  /** The address leads somewhere private and the configuration does not allow it. */
  | 'PrivateAddress';
