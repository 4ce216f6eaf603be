import { withoutSuperseding } from '../lanes/claim.js';
import type { Decision } from './decide.js';

/** Returns a decision whose runs take nobody's place in their lanes: what it is about may be older than what came since. */
export function notSuperseding(decision: Decision): Decision {
  if ('ignored' in decision) return decision;
  const verdicts = decision.verdicts.map((verdict) =>
    verdict.outcome === 'start' && verdict.lane ? { ...verdict, lane: withoutSuperseding(verdict.lane) } : verdict,
  );
  return { ...decision, verdicts };
}
