import { onPurpose, withoutSuperseding } from '../lanes/claim.js';
import type { LaneClaim } from '../lanes/concurrency.js';
import type { Decision } from './decide.js';

/** Returns a decision whose runs take nobody's place in their lanes: what it is about may be older than what came since. */
export function notSuperseding(decision: Decision): Decision {
  return withLanes(decision, withoutSuperseding);
}

/** Returns a decision whose runs a person asks for: as {@link notSuperseding}, and none is skipped for being older. */
export function askedFor(decision: Decision): Decision {
  return withLanes(decision, onPurpose);
}

function withLanes(decision: Decision, change: (claim: LaneClaim) => LaneClaim): Decision {
  if ('ignored' in decision) return decision;
  const verdicts = decision.verdicts.map((verdict) =>
    verdict.outcome === 'start' && verdict.lane ? { ...verdict, lane: change(verdict.lane) } : verdict,
  );
  return { ...decision, verdicts };
}
