import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../log.js';
import type { StuckOpenRun } from '../../server/api/stuck/look-at-run.js';
import type { StuckRounds } from '../../server/api/stuck/scan-for-stuck-runs.js';
import { failingRuns, openStuckRuns, type StuckRunsDeps } from '../../server/api/stuck/stuck-runs.js';
import type { SetAside } from './set-aside.js';

/** What {@link startStuckWatch} works with. */
export interface StuckWatchDeps extends StuckRunsDeps {
  /** Goes through the runs that are older than those that are looked at each time. */
  readonly rounds: StuckRounds;
  readonly setAside: SetAside;
  readonly log: Logger;
}

/** Temporal lists those that fail; of the others it has to be asked one by one. */
const EVERY_MS = 10_000;
const ALL_EVERY_MS = 120_000;
/** How often a round through all of them begins, and how long the pauses in one are. */
const ROUND_EVERY_MS = 600_000;
const OLDER_EVERY_MS = 30_000;
const DEADLINE_MS = 8_000;

/**
 * Looks for open runs that don't go on by themselves: says so once of each, in one line, and sets those aside that keep all
 * others from going on. Goes on in the background until it is stopped, and never fails.
 */
export function startStuckWatch({ setAside, log, ...deps }: StuckWatchDeps): { stop(): Promise<void> } {
  const { rounds } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  let told = new Set<string>();
  let lookedAtAll = Number.NEGATIVE_INFINITY;
  let lookedAtOlder = Number.NEGATIVE_INFINITY;
  const within = <T>(ask: () => Promise<T>) => deps.client.withDeadline(Date.now() + DEADLINE_MS, ask);

  const take = async ({ run, kind, because, helps }: StuckOpenRun) => {
    const { workflowId, runId, type: automation } = run;
    if (kind === 'blocks') await setAside({ workflowId, runId, automation, because });
    else if (!told.has(runId)) log.error({ run: workflowId, automation, because, helps }, STUCK);
  };
  const look = async () => {
    const all = performance.now() - lookedAtAll >= ALL_EVERY_MS;
    // Also where that takes too long: those that hold up all others are looked for all the same.
    if (all) lookedAtAll = performance.now();
    const find = () => (all ? openStuckRuns(deps) : failingRuns(deps));
    const { found } = await within(find);
    for (const one of found) await take(one);
    const ids = found.map(({ run }) => run.runId);
    // Those that a look at all of them did not find are over; one that comes again is told of again.
    told = new Set(all ? ids : [...told, ...ids]);
  };
  /** Goes on with the round through all of them, however many there are. */
  const lookAtOlder = async () => {
    const now = performance.now();
    if (now - lookedAtOlder < (rounds.isUnderWay() ? OLDER_EVERY_MS : ROUND_EVERY_MS)) return;
    lookedAtOlder = now;
    await within(() => rounds.look());
  };
  const running = (async () => {
    while (!signal.aborted) {
      for (const one of [lookAtOlder, look])
        await one().catch((error: Error) => log.debug({ err: error }, 'whether runs are stuck could not be asked'));
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
