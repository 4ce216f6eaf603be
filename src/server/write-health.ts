import { valueWithin } from '../async/deadline.js';
import type { Logger } from '../log.js';
import { versionAfter } from '../store/record-version.js';
import { type Store, StoreClosedError, StoreDamagedError, StoreUnavailableError } from '../store/store.js';

/** Whether deliveries can be stored: `away` after a write that failed, `damaged` once the database said so. */
export type WriteState = 'answers' | 'away' | 'damaged';

/** What knows whether a receiver can write. */
export interface WriteHealth {
  /**
   * Resolves soon to the state; after a write that failed, or when none was stored lately, by trying one. While that takes long, as
   * on a slow disk, it is the last state that is known. Never rejects.
   */
  state(): Promise<WriteState>;
  /** Whether a write is being tried, and not for so long already that nothing can be expected of it. */
  isTrying(): boolean;
}

const PROBE = { collection: 'hookyard.readiness', key: 'write' } as const;
/** About what a delivery takes: a full disk may have room for less. */
const LARGE = 'x'.repeat(64 * 1024);
/** Enough for a look now and then. */
const SMALL = 'x'.repeat(4 * 1024);
/** For so long after a write that was stored, none is tried. */
const FRESH_MS = 10_000;
/** So long an answer waits for a write that is tried. */
const TRY_MS = 500;
/** Longer than a write waits for another process that holds SQLite's file; senders don't wait longer either. */
const PATIENCE_MS = 10_000;

/**
 * Remembers whether the last writes were stored: a store that answers questions may still have a full disk. Says once of a
 * database that is damaged, which takes nothing more, what people have to do.
 */
export function createWriteHealth({
  records,
  damaged,
  onWrite,
  log,
}: Pick<Store, 'records' | 'damaged' | 'onWrite'> & { log: Logger }): WriteHealth {
  let state: WriteState = 'answers';
  let storedAt = Number.NEGATIVE_INFINITY;
  /** What failed may have had reasons of its own, as a look through much that took too long. */
  let isInDoubt = false;
  let trying: Promise<void> | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  const succeeded = () => {
    storedAt = performance.now();
    isInDoubt = false;
    if (state === 'away') log.info('the store is available again: deliveries are stored');
    if (state !== 'damaged') state = 'answers';
  };
  const failed = (error: unknown) => {
    if (state !== 'answers' || error instanceof StoreDamagedError || error instanceof StoreClosedError) return;
    state = 'away';
    log.error({ because: (error as Error).message }, 'the store is unavailable: no delivery can be stored');
  };
  onWrite?.(({ isDelivery, error }) => {
    if (error === undefined) succeeded();
    else if (isDelivery && error instanceof StoreUnavailableError) failed(error);
    // A database may refuse this delivery alone, or all: one that is short of transaction ids answers questions only.
    else if (isDelivery || error instanceof StoreUnavailableError) isInDoubt = true;
  });
  void damaged?.then(({ because, whatToDo }) => {
    state = 'damaged';
    log.fatal({ because }, `the database is damaged: no delivery is taken until it is replaced; ${whatToDo}`);
  });
  const tryWrite = async () => {
    triedAt = performance.now();
    const data = state === 'away' || isInDoubt ? LARGE : SMALL;
    try {
      // What is older than what is there would not be written, and nothing be tried by it.
      const version = versionAfter(await records.get(PROBE.collection, PROBE.key), Date.now());
      await records.upsert({ ...PROBE, data, version });
      succeeded();
    } catch (error) {
      failed(error);
    }
  };
  return {
    async state() {
      const isKnown = state === 'answers' && !isInDoubt && performance.now() - storedAt < FRESH_MS;
      if (state === 'damaged' || isKnown) return state;
      trying ??= tryWrite().finally(() => {
        trying = undefined;
      });
      await valueWithin(TRY_MS, trying);
      return state;
    },
    isTrying: () => trying !== undefined && performance.now() - triedAt < PATIENCE_MS,
  };
}
