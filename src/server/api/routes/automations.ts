import { automationAnswer, automationsAnswer } from '../contract/automations.js';
import { manualRunAnswer } from '../contract/runs.js';
import { automationsQuery } from '../queries/automations.js';
import { get, post, type Route } from '../route.js';
import { runByHandBody } from '../run-by-hand.js';

const NONE = 'There is no automation of this name.';
const ID = 'the name of the automation';

/** What deliveries start. */
export const automationRoutes: readonly Route[] = [
  get('/automations', {
    name: 'listAutomations',
    says: 'Lists the automations that the server has loaded, with how their last runs went.',
    query: automationsQuery,
    answer: automationsAnswer,
    give: (answers, asked) => answers.automations(asked),
  }),
  get('/automations/:id', {
    name: 'showAutomation',
    says: 'Shows an automation: what starts it, its last runs, when it starts next.',
    id: ID,
    answer: automationAnswer,
    errors: { 404: NONE },
    give: (answers, asked) => answers.automation(asked),
  }),
  post('/automations/:id/runs', {
    name: 'runByHand',
    says: 'Starts a run of an automation that has a manual trigger.',
    id: ID,
    body: runByHandBody,
    answer: manualRunAnswer,
    errors: { 404: NONE, 409: 'It has no manual trigger, or the id was used with other inputs.' },
    give: (answers, asked) => answers.runByHand(asked),
  }),
];
