import type { Mask } from '../../../secrets/mask.js';
import { maskData } from '../../../secrets/mask-values.js';
import type { StepRan } from '../../contract/index.js';

/**
 * Returns what is known of a step, with what is to be hidden hidden in its texts. Words that are Hookyard's own stay: a step may have
 * `failed` hidden, or `warning`, and would then count as one that ended otherwise, or as none that anybody can read.
 */
export function hideInStep(ran: StepRan, hide: Mask): StepRan {
  const { tests, problems, ...shown } = maskData(ran, hide);
  return {
    ...shown,
    outcome: ran.outcome,
    ...(tests && { tests: { ...tests, cases: withOwn(tests.cases, ran.tests?.cases, 'outcome') } }),
    ...(problems && { problems: withOwn(problems, ran.problems, 'severity') }),
  };
}

/** Returns what was hidden with one property as it was before. */
function withOwn<T, K extends keyof T>(shown: readonly T[], own: readonly T[] | undefined, key: K): T[] {
  return shown.map((each, i) => ({ ...each, [key]: (own?.[i] ?? each)[key] }));
}
