import type { Logger } from '../log.js';
import { type Inbox, type Store, StoreUnavailableError } from '../store/store.js';

/** Whether deliveries can be stored: `away` after a write that failed, `damaged` once the database said so. */
export type WriteState = 'answers' | 'away' | 'damaged';

/** The inbox of a receiver that knows whether it can write. */
export interface WriteHealth {
  readonly accept: Inbox['accept'];
  /** Resolves to the state; after a write that failed, by trying one. Never rejects. */
  state(): Promise<WriteState>;
}

/** About what a delivery takes: a full disk may have room for less. */
const PROBE = { collection: 'hookyard.readiness', key: 'write', data: 'x'.repeat(64 * 1024) } as const;

/**
 * Remembers whether the last write was stored: a store that answers questions may still have a full disk. Says once of a
 * database that is damaged, which takes nothing more, what people have to do.
 */
export function createWriteHealth({
  inbox,
  records,
  damaged,
  log,
}: Pick<Store, 'inbox' | 'records' | 'damaged'> & { log: Logger }): WriteHealth {
  let state: WriteState = 'answers';
  const succeeded = () => {
    if (state === 'away') log.info('the store is available again: deliveries are stored');
    if (state !== 'damaged') state = 'answers';
  };
  const failed = (error: unknown) => {
    if (!(error instanceof StoreUnavailableError) || state !== 'answers') return;
    state = 'away';
    log.error({ because: error.message }, 'the store is unavailable: no delivery can be stored');
  };
  void damaged?.then(({ because, whatToDo }) => {
    state = 'damaged';
    log.fatal({ because }, `the database is damaged: no delivery is taken until it is replaced; ${whatToDo}`);
  });
  return {
    async accept(delivery) {
      try {
        const acceptance = await inbox.accept(delivery);
        succeeded();
        return acceptance;
      } catch (error) {
        failed(error);
        throw error;
      }
    },
    async state() {
      if (state !== 'away') return state;
      try {
        await records.upsert({ ...PROBE, version: Date.now() });
        succeeded();
      } catch (error) {
        failed(error);
      }
      return state;
    },
  };
}
