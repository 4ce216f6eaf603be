import { createAutomationAnswers } from '../automations.js';
import type { AutomationAnswer } from '../contract.js';
import { automationsQuery } from '../queries/automations.js';
import { readQuery } from '../query.js';
import { runByHand } from '../run-by-hand.js';
import type { SharedDeps } from './deps.js';
import { feedAddresses } from './feeds.js';
import type { AnswerRequest, ChangeRequest } from './request.js';

/** Returns what is answered about automations. */
export function automationAnswers(deps: SharedDeps) {
  const automations = createAutomationAnswers(deps);
  return {
    automations({ query }: AnswerRequest) {
      return automations.page(readQuery(automationsQuery, query));
    },
    async automation({ id = '' }: AnswerRequest): Promise<AutomationAnswer | undefined> {
      const found = await automations.one(id);
      return found && { ...found, addresses: feedAddresses(deps, { automation: id }) };
    },
    runByHand({ id = '', body, ...who }: ChangeRequest) {
      const { inbox } = deps.store;
      const started = runByHand({ inbox, automations: deps.automations, wake: deps.wake }, id, body);
      return deps.acts.recorded(who, started, ({ run }) => ({ act: 'run', on: id, result: run }));
    },
  };
}
