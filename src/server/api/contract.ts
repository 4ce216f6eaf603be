/*
 * What the server answers, in JSON: the handlers return these types and the command line reads them. Each is the type of a schema,
 * which the OpenAPI document is made from. Any other status than 2xx has a body of the type ErrorAnswer.
 */

export type * from './contract/approvals.js';
export type * from './contract/artifacts.js';
export type * from './contract/automations.js';
export type * from './contract/caches.js';
export type * from './contract/deliveries.js';
export type * from './contract/edit.js';
export type * from './contract/error.js';
export type * from './contract/feeds.js';
export type * from './contract/flaky-tests.js';
export type * from './contract/forget.js';
export type * from './contract/kept-jobs.js';
export type * from './contract/lanes.js';
export type * from './contract/logs.js';
export type * from './contract/operator-acts.js';
export type * from './contract/outbound.js';
export type * from './contract/overview.js';
export type * from './contract/readiness.js';
export type * from './contract/reconcile.js';
export type * from './contract/run-state.js';
export type * from './contract/runs.js';
export type * from './contract/sources.js';
export type * from './contract/whole-run.js';
