import type { SearchAttributePair } from '@temporalio/common';
import { RECONCILE_WORKFLOW } from './names.js';
import { toPairs } from './search-attributes.js';

/** Returns how a run that looks for a source's missed deliveries is shown and found, whoever starts it. */
export function reconcileRunOf(source: string): {
  staticSummary: string;
  typedSearchAttributes: SearchAttributePair[];
} {
  return {
    staticSummary: `looks for missed deliveries of source ${source}`,
    typedSearchAttributes: toPairs({ HookyardAutomation: RECONCILE_WORKFLOW, HookyardSource: source }),
  };
}
