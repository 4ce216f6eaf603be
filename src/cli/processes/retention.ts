import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRecordPruner } from '../../activities/prune-records.js';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { forgetReplaced } from '../../secrets/rotating-file.js';
import { type Store, StoreDamagedError } from '../../store/store.js';

const EVERY_MS = 60_000;
/** Rows that are deleted at once. Small, because deleting must never hold up a delivery that waits to be stored. */
const SLICE = 200;
const PAUSE_MS = 250;

/** Resolves to how many rows it deleted. */
type Prune = (slice: { before: number; limit: number }) => Promise<number>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Deletes deliveries, logs, attempts and what is remembered of commits when they are older than `inbox.keepDays`, and large
 * bodies when they are older than `inbox.keepLargeBodiesDays`, a slice at a time. Each by itself: where one can't be
 * deleted, the others are.
 */
export function startRetention({ store, config, log }: { store: Store; config: Config; log: Logger }): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { keepDays, keepLargeBodiesDays, repeatedBodyHours } = config.inbox;
  const run = async (what: string, prune: Prune, keepMs = keepDays * DAY_MS) => {
    while (!signal.aborted) {
      const before = Date.now() - keepMs;
      let deleted = 0;
      try {
        deleted = await prune({ before, limit: SLICE });
      } catch (error) {
        // Nothing is deleted any more, and it has been said loudly why.
        if (error instanceof StoreDamagedError) return;
        log.warn({ err: error, what }, 'old rows were not deleted; trying again in a minute');
      }
      // Ends early when it is stopped.
      await wait(deleted >= SLICE ? PAUSE_MS : EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = Promise.all([
    run('deliveries', (slice) => store.inbox.prune(slice)),
    // As long as it may be what a later delivery repeats, which is then stored with the body of the first.
    run(
      'large bodies',
      (slice) => store.inbox.pruneLargeBodies(slice),
      Math.max(keepLargeBodiesDays * DAY_MS, repeatedBodyHours * HOUR_MS),
    ),
    run('logs', (slice) => store.logs.prune(slice)),
    run('attempts', (slice) => store.attempts.prune(slice)),
    run('records', createRecordPruner(store.records, config.records.keepDays)),
    run('replaced secrets', async () => forgetReplaced(join(config.data, 'secrets'), Date.now())),
  ]);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
