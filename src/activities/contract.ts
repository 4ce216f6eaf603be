import type { JobActivities } from './contract/job.js';
import type { MessageActivities } from './contract/message.js';
import type { OutboundActivities } from './contract/outbound.js';
import type { ProviderActivities } from './contract/provider.js';
import type { ReconcileActivities } from './contract/reconcile.js';
import type { RemoteBuildActivities } from './contract/remote-build.js';
import type { RunActivities } from './contract/runs.js';
import type { StatusActivities } from './contract/status.js';
import type { SyncActivities } from './contract/sync.js';

export type * from './contract/job.js';
export type * from './contract/message.js';
export type * from './contract/outbound.js';
export type * from './contract/provider.js';
export type * from './contract/reconcile.js';
export type * from './contract/remote-build.js';
export type * from './contract/runs.js';
export type * from './contract/status.js';
export type * from './contract/sync.js';

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
