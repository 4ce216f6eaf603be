import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { mapAtOnce } from '../async/at-once.js';
import { backoffMs } from '../async/backoff.js';
import { createWakeup } from '../async/wakeup.js';
import type { Logger } from '../log.js';
import type { Waits } from '../store/store.js';
import { hasEnded } from './has-ended.js';

/** What {@link createWaitKeeper} works with. */
export interface WaitKeeperDeps {
  readonly waits: Pick<Waits, 'toLookAt' | 'look' | 'toAskAbout' | 'closeAll'>;
  readonly client: Client;
  readonly log: Logger;
  /** Called when a run was given an event: a signal is due. */
  readonly gave: () => void;
  /** How often the store is looked into without being woken, and Temporal asked about runs that wait, in milliseconds. */
  readonly everyMs?: number;
  readonly askEveryMs?: number;
}

/**
 * Gives runs that wait the events that have arrived. Several may do so at once: an event is given once. Ends the waits of runs
 * that have ended without saying so.
 */
export interface WaitKeeper {
  /** Looks at once, because something has arrived. */
  wake(): void;
  start(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

const EVERY_MS = 500;
const ASK_EVERY_MS = 10 * 60_000;
/** Deliveries that arrive one after the other share a look. */
const MIN_PAUSE_MS = 50;
const DEADLINE_MS = 5_000;
const AT_ONCE = 16;
const PAGE = 100;

/** Returns a keeper that has not begun. */
export function createWaitKeeper(deps: WaitKeeperDeps): WaitKeeper {
  const { waits, client, log, everyMs = EVERY_MS, askEveryMs = ASK_EVERY_MS } = deps;
  const wakeup = createWakeup();
  let askedAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  let running: Promise<void> | undefined;

  const give = async () => {
    const places = await waits.toLookAt({ limit: PAGE });
    // In turns: a place with much to compare holds up no other.
    for (let left = places; left.length > 0; ) {
      const more: typeof left = [];
      for (const place of left) {
        if (stopping) return false;
        const looked = await waits.look(place);
        if (looked.more) more.push(place);
        if (looked.given.length > 0) deps.gave();
        for (const { workflowId: run, deliveryId: delivery } of looked.given)
          log.info({ run, delivery }, 'a run that waits was given an event');
        for (const { workflowId: run, deliveryId: delivery } of looked.tooLarge)
          log.error({ run, delivery }, 'a run that waits was not given an event: it is larger than Temporal takes');
        for (const { workflowId: run, error: err } of looked.broken)
          log.error({ run, err }, 'a run waits by triggers that are none: make them with the functions of the kit');
      }
      left = more;
    }
    return places.length === PAGE;
  };
  const askAboutRuns = async () => {
    if (performance.now() - askedAt < askEveryMs) return;
    const before = Date.now() - askEveryMs;
    while (!stopping) {
      const runs = await waits.toAskAbout({ limit: PAGE, before });
      if (runs.length === 0) break;
      const answers = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
        mapAtOnce(runs, AT_ONCE, (id) => hasEnded(client, id).catch(() => false)),
      );
      const ended = runs.filter((_, i) => answers[i]);
      // A run of the same name may have begun to wait meanwhile.
      if (ended.length > 0) await waits.closeAll({ workflowIds: ended, before });
      for (const run of ended) log.info({ run }, 'a run had ended without saying so: it waits for nothing any more');
    }
    askedAt = performance.now();
  };
  const run = async () => {
    let failures = 0;
    while (!stopping) {
      try {
        const more = await give();
        await askAboutRuns();
        failures = 0;
        if (more) continue;
      } catch (error) {
        failures += 1;
        if (failures === 1)
          log.warn({ err: error }, 'runs that wait are given nothing: the store or Temporal does not answer');
        await wakeup.wait(backoffMs(failures, { firstMs: 500, maxMs: 5_000 }));
      }
      if (!stopping) await wakeup.wait(everyMs);
      if (!stopping) await sleep(MIN_PAUSE_MS);
    }
  };

  return {
    wake: wakeup.notify,
    start() {
      running ??= run();
    },
    async stop() {
      stopping = true;
      wakeup.notify();
      await running;
    },
  };
}
