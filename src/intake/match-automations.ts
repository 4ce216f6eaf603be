import type { HookyardEvent } from '../events/event.js';
import { workflowIdFor } from '../runs/workflow-id.js';
import type { Automation } from '../triggers/automation.js';
import { match } from '../triggers/match.js';
import { preconditionsOf } from '../triggers/preconditions.js';
import type { Verdict } from '../triggers/verdict.js';

/** Asks every automation whether it runs for each event. `key` is the provider's id of the delivery. */
export function matchAutomations(
  events: readonly HookyardEvent[],
  key: string,
  automations: readonly Automation[],
): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const [part, event] of events.entries()) {
    const partKey = part === 0 ? key : `${key}/${part + 1}`;
    for (const automation of automations) {
      const verdict = matchOne(event, automation, partKey);
      if (automation.builtIn && verdict.outcome === 'filtered') continue;
      verdicts.push(part === 0 ? verdict : { ...verdict, part });
    }
  }
  return verdicts;
}

/** Hundreds of automations say no for each that says yes: what only a start needs is made for a start alone. */
function matchOne(event: HookyardEvent, automation: Automation, key: string): Verdict {
  const { name } = automation;
  const matched = match(automation, event);
  const { because } = matched;
  if (!matched.runs && !(matched.skips && automation.checks)) return refused(automation, because);
  const workflowId = workflowIdFor({ automation: name, source: event.source, key });
  // A merge may wait for its statuses for ever otherwise.
  if (!matched.runs) return { automation: name, outcome: 'skip', because, workflowId };
  const asks = preconditionsOf(automation, event);
  const open = Object.keys(asks).length > 0;
  return { automation: name, outcome: 'start', because, workflowId, ...(open && { asks }) };
}

/** What an automation was last refused with: most refuse most deliveries for the same reason, in the same words. */
const refusals = new WeakMap<Automation, Verdict>();

function refused(automation: Automation, because: string): Verdict {
  const last = refusals.get(automation);
  if (last?.because === because) return last;
  const verdict = { automation: automation.name, outcome: 'filtered', because } as const;
  refusals.set(automation, verdict);
  return verdict;
}
