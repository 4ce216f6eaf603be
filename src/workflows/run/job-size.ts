import { patched } from '@temporalio/workflow';
import type { JobStep } from '../../activities/contract/index.js';
import { bytesOf } from './message-room.js';

/** Runs that an older version started go on, though Temporal takes twice that much at most. */
const REFUSES = 'refuse-large-jobs';
/** In bytes, as JSON. Temporal takes 2 MB of one activity's input, in which more stands. */
const MAX_BYTES = 1024 * 1024;

/** Throws where the variables of a job, or one of its steps, are more than go to a worker: Temporal would end the run, or hold it up. */
export function refuseLarge(env: Readonly<Record<string, unknown>>, steps: readonly JobStep[]): void {
  refuse('"env"', env);
  for (const [i, step] of steps.entries()) refuse(`"steps[${i}]"`, step);
}

function refuse(what: string, value: unknown): void {
  const bytes = bytesOf(value);
  if (bytes > MAX_BYTES && patched(REFUSES))
    throw new Error(
      `runJob(): ${what} takes ${(bytes / 1024 / 1024).toFixed(2)} MB, more than the 1 MB that go to a worker: put what is long into a file of the repository`,
    );
}
