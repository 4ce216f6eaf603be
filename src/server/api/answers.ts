import { createTurns } from '../../async/turns.js';
import { RECONCILE_WORKFLOW, RESEND_WORKFLOW } from '../../runs/names.js';
import { HttpError } from '../http/http-error.js';
import { createActs } from './answers/acts.js';
import { artifactAnswers } from './answers/artifacts.js';
import { automationAnswers } from './answers/automations.js';
import { cacheAnswers } from './answers/caches.js';
import { deliveryAnswers } from './answers/deliveries.js';
import type { AnswersDeps, SharedDeps } from './answers/deps.js';
import { editAnswers } from './answers/edits.js';
import { feedAnswers } from './answers/feeds.js';
import { installationAnswers } from './answers/installation.js';
import { laneAnswers } from './answers/lanes.js';
import { logAnswers } from './answers/logs.js';
import { runAnswers } from './answers/runs.js';
import { createActRecord } from './operator-acts.js';

/** Searches, and views of whole runs and of logs: the store is asked for them by the thread that also takes deliveries. */
const LOOKS = {
  ...{ atOnce: 4, waiting: 32, waitMs: 10_000 },
  error: () =>
    new HttpError(503, 'too much is searched and read here now: try again in a moment', { 'retry-after': '5' }),
};

/** All that can be asked and changed: the routes of `/api` and the views of the page call these, and nothing else. */
export type Answers = ReturnType<typeof createAnswers>;

/**
 * Creates a function for each question and each change of an operator, whose answers contract.ts has. Undefined: there is nothing of
 * this name. They throw {@link HttpError} for what is asked wrongly. Who changes something is logged and kept.
 */
export function createAnswers(deps: AnswersDeps) {
  const shared: SharedDeps = {
    ...deps,
    inTurn: createTurns(LOOKS),
    acts: createActs(createActRecord({ records: deps.store.records, log: deps.log })),
    builtIn: () => [
      RECONCILE_WORKFLOW,
      RESEND_WORKFLOW,
      ...deps.automations().flatMap((automation) => (automation.builtIn ? [automation.name] : [])),
    ],
  };
  return {
    ...installationAnswers(shared),
    ...deliveryAnswers(shared),
    ...editAnswers(shared),
    ...runAnswers(shared),
    ...automationAnswers(shared),
    ...laneAnswers(shared),
    ...cacheAnswers(shared),
    ...artifactAnswers(shared),
    ...logAnswers(shared),
    ...feedAnswers(shared),
  };
}
