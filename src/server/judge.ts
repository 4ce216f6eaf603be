import type { Automation } from '../events/automation.js';
import type { HookyardEvent } from '../events/event.js';
import { match } from '../events/match.js';
import type { Verdict } from '../events/verdict.js';
import { runId } from './run-id.js';

/** Asks every automation whether it runs for an event. `key` is the provider's id of the delivery. */
export function judge(event: HookyardEvent, key: string, automations: readonly Automation[]): Verdict[] {
  return automations.map((automation) => {
    const { runs, because } = match(automation, event);
    if (!runs) return { automation: automation.name, outcome: 'filtered', because };
    const workflowId = runId({ automation: automation.name, source: event.source, key });
    return { automation: automation.name, outcome: 'start', because, workflowId };
  });
}
