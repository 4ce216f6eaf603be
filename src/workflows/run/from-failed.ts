import type { GoOnFrom, JobStep } from '../../activities/contract/index.js';
import { hashOf } from '../../runs/hash.js';
import type { RunOptions } from '../../runs/options.js';
import { hostStepOf } from './job-steps.js';

/** Module state: the workflow sandbox gives each run its own. */
let failed: Pick<GoOnFrom, 'run' | 'before'> | undefined;

/** Keeps which run this one goes on from. */
export function keepFromFailed(how: RunOptions | undefined): void {
  if (how?.fromFailed === undefined) return;
  const { fromFailed: run, fromFailedBefore: before } = how;
  failed = { run, ...(before && { before }) };
}

/**
 * Returns where a job of these steps goes on; undefined where it begins with the first. `rerunPassed`: it runs again where it has
 * passed.
 */
export function goOnFrom(
  steps: readonly JobStep[],
  { rerunPassed }: { readonly rerunPassed: boolean },
): GoOnFrom | undefined {
  if (failed === undefined) return undefined;
  return {
    ...failed,
    steps: [],
    stepHashes: steps.map((step) => hashOf(hostStepOf(step))),
    ...(!rerunPassed && { writtenHash: hashOf(steps) }),
  };
}
