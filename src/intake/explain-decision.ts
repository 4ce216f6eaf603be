import { describe } from '../events/describe.js';
import type { HookyardEvent } from '../events/event.js';
import { leftOutInWords, refsLeftOutOf } from '../events/refs-left-out.js';
import type { Verdict } from '../triggers/verdict.js';
import type { Decision } from './decide.js';

/** What would become of a payload, or becomes of it. */
export interface ExplainedDecision {
  /** The provider's name for the event, as the source's kind reads it. */
  readonly eventName: string;
  /** What it says, in words. */
  readonly says?: string;
  readonly events: readonly HookyardEvent[];
  /** Why nothing is matched. */
  readonly ignored?: string;
  /** That not all refs of a push are read. */
  readonly leftOut?: string;
  readonly verdicts: readonly Verdict[];
}

/** Returns what a decision comes to, for people. */
export function explainDecision(eventName: string, decision: Decision): ExplainedDecision {
  if ('ignored' in decision) return { eventName, events: [], ignored: decision.ignored, verdicts: [] };
  const { events, verdicts } = decision;
  const leftOut = leftOutInWords(refsLeftOutOf(events));
  return { eventName, says: events.map(describe).join('; '), ...(leftOut && { leftOut }), events, verdicts };
}
