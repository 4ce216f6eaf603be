import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { startedBy } from '../../runs/start-step.js';
import type { LedToRun, RunState } from '../../server/api/contract.js';
import type { Api } from './api.js';

const POLL_MS = 200;
/** Temporal lists a run a moment after it has begun, and later where it has much to do. */
const LISTED_MS = 60_000;

const resultSchema = z.object({ steps: z.array(z.object({ what: z.string(), outcome: z.string() })) });

/** Returns the runs that a run which has ended has started of automations that listen to its end; those that are not listed are left out. */
export async function runsLedTo(api: Pick<Api, 'run'>, run: string, ended: RunState): Promise<readonly LedToRun[]> {
  const awaited = startedOf(ended).length;
  if (awaited === 0) return [];
  for (const until = Date.now() + LISTED_MS; ; await wait(POLL_MS)) {
    const { ledTo = [] } = (await api.run(run, { all: true })) ?? {};
    const found = ledTo.filter(({ by }) => by === run);
    if (found.length >= awaited || Date.now() > until) return found;
  }
}

function startedOf({ result }: RunState): readonly string[] {
  const { steps = [] } = resultSchema.safeParse(result).data ?? {};
  return startedBy(steps.filter(({ outcome }) => outcome === 'passed').map(({ what }) => what));
}
