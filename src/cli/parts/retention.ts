import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import type { Store } from '../../store/store.js';

const EVERY_MS = 60_000;
/** Small slices: deleting must never hold up a delivery that waits to be stored. */
const SLICE = 200;
const PAUSE_MS = 250;

/** Deletes deliveries and logs that are older than they are kept, a slice at a time. */
export function startRetention({ store, config, log }: { store: Store; config: Config; log: Logger }): {
  stop(): Promise<void>;
} {
  let stopped = false;
  let wake: () => void = () => undefined;
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    while (!stopped) {
      const before = Date.now() - config.inbox.keepDays * 24 * 3_600_000;
      const deleted = await slice(store, before).catch((error) => {
        log.warn({ err: error }, 'old deliveries were not deleted; tried again in a minute');
        return 0;
      });
      if (stopped) return;
      await pause(deleted >= SLICE ? PAUSE_MS : EVERY_MS);
    }
  };
  const running = run();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}

async function slice(store: Store, before: number): Promise<number> {
  const deliveries = await store.inbox.prune({ before, limit: SLICE });
  const lines = await store.logs.prune({ before, limit: SLICE });
  const attempts = await store.attempts.prune({ before, limit: SLICE });
  return Math.max(deliveries, lines, attempts);
}
