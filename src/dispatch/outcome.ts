import type { Permit } from './circuit-breaker.js';
import type { DispatchFailure } from './failure.js';
import type { Diagnosis } from './poison-detector.js';

/**
 * What an outcome changes: what is reported to the circuit breaker's permit, and what becomes of the dispatch:
 * - `done`: the concurrency limit observes the time, the poison detector counts an acceptance, the metric a start;
 * - `retry`: the metric counts a failure; the detector remembers it. `pause`: by which tries the pause before it grows, all
 *   of them, or those that count against the dispatch;
 * - `failed`: a dead letter. The metric counts a failure, the log has an error, the detector forgets it.
 */
type Effect = { readonly breaker: keyof Permit } & (
  | { readonly settlement: 'done' | 'failed' }
  | { readonly settlement: 'retry'; readonly pause: 'all' | 'own' }
);

/**
 * What each outcome of an attempt does:
 * - `accepted`: Temporal has it;
 * - `refused`: Temporal answered that it never accepts it;
 * - `unsendable`: it was not sent, and never will be;
 * - `poison`: it failed too often and too long while others were accepted;
 * - `self`: it fails, and others are accepted;
 * - `rejected`: it failed, and may not be the reason; Temporal answers a question that has nothing to do with it;
 * - `unanswered`: it failed, and Temporal does not answer that question either, or is overloaded.
 */
export const EFFECTS = {
  accepted: { breaker: 'answered', settlement: 'done' },
  refused: { breaker: 'answered', settlement: 'failed' },
  unsendable: { breaker: 'unknown', settlement: 'failed' },
  poison: { breaker: 'unknown', settlement: 'failed' },
  self: { breaker: 'unknown', settlement: 'retry', pause: 'own' },
  rejected: { breaker: 'rejected', settlement: 'retry', pause: 'all' },
  unanswered: { breaker: 'failed', settlement: 'retry', pause: 'all' },
} as const satisfies Record<string, Effect>;

/** How an attempt to start a run can fail. */
export type FailedOutcome = Exclude<keyof typeof EFFECTS, 'accepted'>;

/** Sorts a failed attempt. Asks whether Temporal `answers` only where that decides. */
export async function outcomeOf(
  { kind, code }: DispatchFailure,
  cause: Diagnosis['cause'],
  answers: () => Promise<boolean>,
): Promise<FailedOutcome> {
  switch (kind) {
    case 'refused':
    case 'unsendable':
      return kind;
    case 'odd':
      return cause === 'poison' ? 'poison' : 'self';
    case 'engine':
      if (cause !== 'server') return cause;
      return code !== 'RESOURCE_EXHAUSTED' && (await answers()) ? 'rejected' : 'unanswered';
    default:
      return kind satisfies never;
  }
}
