import { mapInTurns } from '../async/yield-to-event-loop.js';
import type { HookyardEvent } from '../events/event.js';
import { laneClaim, whyInNoLane } from '../lanes/claim.js';
import { heldBack, lanesOf } from '../lanes/debounce.js';
import { workflowIdFor } from '../runs/workflow-id.js';
import { authorToFind } from '../triggers/author-to-find.js';
import type { Automation } from '../triggers/automation.js';
import { match } from '../triggers/match.js';
import { markerToFind, preconditionsOf } from '../triggers/preconditions.js';
import type { Verdict } from '../triggers/verdict.js';
import { unlistedBranches } from './unlisted-branches.js';

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

/** So many changed files, for each automation that looks at them, take some ten milliseconds. */
const MOST_AT_ONCE = 20_000;

/**
 * Asks every automation whether it runs for each event of a delivery. Nearly always the answer is there at once; where it
 * takes long, the event loop has its turns meanwhile.
 */
export function matchAutomations(
  events: readonly HookyardEvent[],
  options: MatchOptions,
): readonly Verdict[] | Promise<readonly Verdict[]> {
  const { automations } = options;
  if (weightOf(events) * automations.length > MOST_AT_ONCE) {
    const questions = events.flatMap((event, part) => automations.map((automation) => ({ event, part, automation })));
    const answers = mapInTurns(questions, (question) => verdictOf(question, options));
    return answers.then((all) => all.filter((verdict) => verdict !== undefined));
  }
  const verdicts: Verdict[] = [];
  for (const [part, event] of events.entries()) {
    for (const automation of automations) {
      const verdict = verdictOf({ event, part, automation }, options);
      if (verdict) verdicts.push(verdict);
    }
  }
  return verdicts;
}

/** Returns how many things a filter may have to look at. */
function weightOf(events: readonly HookyardEvent[]): number {
  let weight = events.length;
  for (const event of events) if (event.kind === 'push') weight += event.changedFiles?.length ?? 0;
  return weight;
}

interface Question {
  readonly event: HookyardEvent;
  /** The event's place in the delivery. */
  readonly part: number;
  readonly automation: Automation;
}

/** Returns undefined where nobody is to be told: a built-in automation that has nothing to do with the event. */
function verdictOf(
  { event, part, automation }: Question,
  { key, canAsk = false, late }: MatchOptions,
): Verdict | undefined {
  const because = late?.get(part);
  const verdict =
    because === undefined ? matchOne(event, automation, { key, part, canAsk }) : filteredVerdict(automation, because);
  if (automation.builtIn && verdict.outcome === 'filtered') return undefined;
  return part === 0 ? verdict : { ...verdict, part };
}

/** Hundreds of automations say no for each that says yes: what only a start needs is made for a start alone. */
function matchOne(
  event: HookyardEvent,
  automation: Automation,
  { key, part, canAsk }: { key: string; part: number; canAsk: boolean },
): Verdict {
  const { name } = automation;
  const matched = match(automation, event);
  const unnamed = canAsk ? authorToFind(automation, event) : undefined;
  const { because } = unnamed ?? matched;
  const runs = matched.runs || unnamed !== undefined;
  if (!runs && !(matched.skips && automation.checks))
    return filteredVerdict(automation, `${because}${unlistedBranches(automation, event)}`);
  const workflowId = workflowIdFor({ automation: name, source: event.source, key, part });
  // A merge may wait for its statuses for ever otherwise.
  if (!runs) return { automation: name, outcome: 'skip', because, workflowId };
  const asks = unnamed?.asks ?? {
    ...preconditionsOf(automation, event),
    ...(canAsk && markerToFind(automation, event)),
  };
  const open = Object.keys(asks).length > 0;
  const lanes = lanesOf(automation);
  const { debounce } = automation;
  const claim = lanes && laneClaim(lanes, { automation: name, event, asks });
  const lane = claim && debounce ? heldBack(claim, { debounce, event, asks }) : claim;
  const note = lanes && !lane ? `; ${whyInNoLane(lanes, event, asks)}` : lane?.held ? WAITS_FOR_MORE : '';
  return {
    ...{ automation: name, outcome: 'start', because: `${because}${note}`, workflowId },
    ...(open && { asks }),
    ...(lane && { lane: open ? { ...lane, asks: true } : lane }),
  };
}

const WAITS_FOR_MORE = '; waits for more of the same, of which the newest takes its place';

/** The last verdict of each automation that filtered: most filter most deliveries for the same reason, in the same words. */
const lastFiltered = new WeakMap<Automation, Verdict>();

function filteredVerdict(automation: Automation, because: string): Verdict {
  const last = lastFiltered.get(automation);
  if (last?.because === because) return last;
  const verdict = { automation: automation.name, outcome: 'filtered', because } as const;
  lastFiltered.set(automation, verdict);
  return verdict;
}
