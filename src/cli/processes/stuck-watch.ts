import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../log.js';
import { failingRuns, openStuckRuns, type StuckOpenRun, type StuckRunsDeps } from '../../server/api/stuck-runs.js';
import type { SetAside } from './set-aside.js';

/** What {@link startStuckWatch} works with. */
export interface StuckWatchDeps extends StuckRunsDeps {
  readonly setAside: SetAside;
  readonly log: Logger;
}

/** Temporal lists those that fail; of the others it has to be asked one by one. */
const EVERY_MS = 10_000;
const ALL_EVERY_MS = 120_000;
const DEADLINE_MS = 8_000;

/**
 * Looks for open runs that don't go on by themselves: says so once of each, in one line, and sets those aside that keep all
 * others from going on. Goes on in the background until it is stopped, and never fails.
 */
export function startStuckWatch({ setAside, log, ...deps }: StuckWatchDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  let told = new Set<string>();
  let lookedAtAll = Number.NEGATIVE_INFINITY;

  const take = async ({ run, kind, because, helps }: StuckOpenRun) => {
    const { workflowId, runId, type: automation } = run;
    if (kind === 'blocks') await setAside({ workflowId, runId, automation, because });
    else if (!told.has(runId)) log.error({ run: workflowId, automation, because, helps }, STUCK);
  };
  const look = async () => {
    const all = performance.now() - lookedAtAll >= ALL_EVERY_MS;
    const find = () => (all ? openStuckRuns(deps) : failingRuns(deps));
    const { found } = await deps.client.withDeadline(Date.now() + DEADLINE_MS, find);
    for (const one of found) await take(one);
    const ids = found.map(({ run }) => run.runId);
    if (all) lookedAtAll = performance.now();
    // Those that a look at all of them did not find are over; one that comes again is told of again.
    told = new Set(all ? ids : [...told, ...ids]);
  };
  const running = (async () => {
    while (!signal.aborted) {
      await look().catch((error: Error) => log.debug({ err: error }, 'whether runs are stuck could not be asked'));
      // Ends early when it is stopped.
      await wait(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const STUCK = 'a run does not go on by itself';
