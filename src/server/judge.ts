import { asksOf } from '../events/asks.js';
import type { Automation } from '../events/automation.js';
import type { HookyardEvent } from '../events/event.js';
import { match } from '../events/match.js';
import type { Verdict } from '../events/verdict.js';
import { runId } from './run-id.js';

/** Asks every automation whether it runs for each event. `key` is the provider's id of the delivery. */
export function judge(
  events: readonly HookyardEvent[],
  key: string,
  automations: readonly Automation[],
): readonly Verdict[] {
  return events.flatMap((event, part) =>
    automations.flatMap((automation) => {
      const verdict = judgeOne(event, automation, part === 0 ? key : `${key}/${part + 1}`);
      if (automation.builtIn && verdict.outcome === 'filtered') return [];
      return [part === 0 ? verdict : { ...verdict, part }];
    }),
  );
}

function judgeOne(event: HookyardEvent, automation: Automation, key: string): Verdict {
  const { name } = automation;
  const matched = match(automation, event);
  const { because } = matched;
  const workflowId = runId({ automation: name, source: event.source, key });
  if (matched.runs) {
    const asks = asksOf(automation, event);
    const open = Object.keys(asks).length > 0;
    return { automation: name, outcome: 'start', because, workflowId, ...(open && { asks }) };
  }
  // A merge may wait for its statuses for ever otherwise.
  if (matched.skips && automation.checks) return { automation: name, outcome: 'skip', because, workflowId };
  return { automation: name, outcome: 'filtered', because };
}
