import type { z } from 'zod';
import * as approvals from './approvals.js';
import * as artifacts from './artifacts.js';
import * as automations from './automations.js';
import * as caches from './caches.js';
import * as deliveries from './deliveries.js';
import * as edit from './edit.js';
import * as error from './error.js';
import * as feeds from './feeds.js';
import * as flakyTests from './flaky-tests.js';
import * as forget from './forget.js';
import * as keptJobs from './kept-jobs.js';
import * as lanes from './lanes.js';
import * as logs from './logs.js';
import * as operatorActs from './operator-acts.js';
import * as outbound from './outbound.js';
import * as overview from './overview.js';
import * as readiness from './readiness.js';
import * as reconcile from './reconcile.js';
import * as runState from './run-state.js';
import * as runs from './runs.js';
import * as sources from './sources.js';
import * as steps from './steps.js';
import * as wholeRun from './whole-run.js';

/** The schemas of all answers and of their parts, by the names that they have in the OpenAPI document but for its capital. */
export const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  ...approvals,
  ...artifacts,
  ...automations,
  ...caches,
  ...deliveries,
  ...edit,
  ...error,
  ...feeds,
  ...flakyTests,
  ...forget,
  ...keptJobs,
  ...lanes,
  ...logs,
  ...operatorActs,
  ...outbound,
  ...overview,
  ...readiness,
  ...reconcile,
  ...runState,
  ...runs,
  ...sources,
  ...steps,
  ...wholeRun,
};
