import type { JobResult, StatusInput } from '../../activities/contract/index.js';

/** How a job has ended, of however many tries. */
export interface TriedJob extends JobResult {
  /** Which try it is the result of, from 1. Above 1, those before did not pass: if this one has, the job is flaky. */
  readonly tries: number;
}

/** One try of a job, from 1, of as many as there may be. */
export interface Try {
  readonly nth: number;
  readonly of: number;
}

/** Far more than find out whether a job is flaky. */
const MOST = 20;

/**
 * Runs a job again until it passes, `attempts` times at most. Lost workers do not count: those are none of the job's own doing. What
 * throws is not tried again. Throws where `attempts` is no such number.
 */
export function inTries(attempts: number | undefined, run: (one: Try) => Promise<TriedJob>): Promise<TriedJob> {
  // No step between: runs that an older version started go on as they did.
  return attempts === undefined ? run({ nth: 1, of: 1 }) : severalTries(attempts, run);
}

async function severalTries(of: number, run: (one: Try) => Promise<TriedJob>): Promise<TriedJob> {
  if (!Number.isInteger(of) || of < 1 || of > MOST)
    throw new Error(`runJob(): "attempts" must be a whole number from 1 to ${MOST}, not ${JSON.stringify(of)}`);
  for (let nth = 1; ; nth += 1) {
    const result = await run({ nth, of });
    if (result.passed || nth === of) return result;
  }
}

/** Returns what the commit status says of a try: a job that is tried again is still pending. */
export function triedVerdict(
  verdict: Pick<StatusInput, 'state' | 'description'>,
  { nth, of }: Try,
): Pick<StatusInput, 'state' | 'description'> {
  const { state, description } = verdict;
  if (of === 1) return verdict;
  if (state === 'success')
    return nth === 1 ? verdict : { state, description: `${description}, at try ${nth} of ${of}` };
  if (nth < of) return { state: 'pending', description: `try ${nth} of ${of}: ${description}; is tried again` };
  return { state, description: `${description}, at the last of ${of} tries` };
}
