import type { Priority } from '@temporalio/common';
import { cutToBytes } from '../events/truncate.js';

/** In bytes: Temporal takes no longer keys. */
const MAX_KEY = 64;

/**
 * Returns in which order Temporal hands out a run's work where it has to wait for workers: what has a lower priority first, and
 * of one priority the repositories take turns, where the server does so (`matching.enableFairness`). Pure: workflow code asks too.
 */
export function priorityOf(
  { source, repository = '' }: { readonly source: string; readonly repository?: string | undefined },
  priority?: number | undefined,
): Priority {
  return {
    ...(priority !== undefined && { priorityKey: priority }),
    // The name first: it tells more than the source where not all of it fits.
    fairnessKey: cutToBytes(`${repository} ${source}`.trim(), MAX_KEY),
  };
}
