import type { HookyardEvent } from '../events/event.js';
import { workflowIdFor } from '../runs/workflow-id.js';
import type { Automation } from '../triggers/automation.js';
import { match } from '../triggers/match.js';
import { markerToFind, preconditionsOf } from '../triggers/preconditions.js';
import type { Verdict } from '../triggers/verdict.js';

/** What events are matched with. */
export interface MatchOptions {
  /** The provider's id of the delivery. */
  readonly key: string;
  readonly automations: readonly Automation[];
  /** The source has credentials for its provider's API. */
  readonly canAsk?: boolean;
  /** Events, by their place in the delivery, that start nothing whatever an automation says, and why. */
  readonly late?: ReadonlyMap<number, string> | undefined;
}

/** Asks every automation whether it runs for each event of a delivery. */
export function matchAutomations(
  events: readonly HookyardEvent[],
  { key, automations, canAsk = false, late }: MatchOptions,
): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const [part, event] of events.entries()) {
    const because = late?.get(part);
    for (const automation of automations) {
      const verdict =
        because === undefined
          ? matchOne(event, automation, { key, part, canAsk })
          : filteredVerdict(automation, because);
      if (automation.builtIn && verdict.outcome === 'filtered') continue;
      verdicts.push(part === 0 ? verdict : { ...verdict, part });
    }
  }
  return verdicts;
}

/** Hundreds of automations say no for each that says yes: what only a start needs is made for a start alone. */
function matchOne(
  event: HookyardEvent,
  automation: Automation,
  { key, part, canAsk }: { key: string; part: number; canAsk: boolean },
): Verdict {
  const { name } = automation;
  const matched = match(automation, event);
  const { because } = matched;
  if (!matched.runs && !(matched.skips && automation.checks)) return filteredVerdict(automation, because);
  const workflowId = workflowIdFor({ automation: name, source: event.source, key, part });
  // A merge may wait for its statuses for ever otherwise.
  if (!matched.runs) return { automation: name, outcome: 'skip', because, workflowId };
  const asks = { ...preconditionsOf(automation, event), ...(canAsk && markerToFind(automation, event)) };
  const open = Object.keys(asks).length > 0;
  return { automation: name, outcome: 'start', because, workflowId, ...(open && { asks }) };
}

/** The last verdict of each automation that filtered: most filter most deliveries for the same reason, in the same words. */
const lastFiltered = new WeakMap<Automation, Verdict>();

function filteredVerdict(automation: Automation, because: string): Verdict {
  const last = lastFiltered.get(automation);
  if (last?.because === because) return last;
  const verdict = { automation: automation.name, outcome: 'filtered', because } as const;
  lastFiltered.set(automation, verdict);
  return verdict;
}
