import type { GoOnFrom, JobStep } from '../../activities/contract/index.js';
import type { RunOptions } from '../../runs/options.js';
import { hostStepOf } from './job-steps.js';

/** Module state: the workflow sandbox gives each run its own. */
let failed: string | undefined;

/** Keeps which run this one goes on from. */
export function keepFromFailed(how: RunOptions | undefined): void {
  failed = how?.fromFailed;
}

/** Returns where a job of these steps goes on; undefined where it begins with the first. */
export function goOnFrom(steps: readonly JobStep[]): GoOnFrom | undefined {
  return failed === undefined ? undefined : { run: failed, steps: steps.map(hostStepOf), written: steps };
}
