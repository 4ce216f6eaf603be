import { z } from 'zod';
import type { RunState } from '../../server/api/contract.js';

const resultSchema = z.object({ startedRuns: z.array(z.string()) });

/** Returns the ids of the runs that a run which has ended has started of automations that listen to its end. */
export function runsStartedBy({ result }: Pick<RunState, 'result'>): readonly string[] {
  return resultSchema.safeParse(result).data?.startedRuns ?? [];
}
