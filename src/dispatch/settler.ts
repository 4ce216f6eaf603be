import type { Inbox, Settlement } from '../store/store.js';

/** Notes how a dispatch ended. Resolves when the store has it, rejects when the store is away. */
export type Settle = (settlement: Settlement) => Promise<void>;

interface Waiting {
  readonly settlement: Settlement;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One write at a time, with all that has come meanwhile: while a backlog is handed over, each start would have a
 * transaction of its own otherwise. One that comes alone is written at once.
 */
export function createSettler(inbox: Pick<Inbox, 'settle'>): Settle {
  let waiting: Waiting[] = [];
  let writing = false;

  const write = async () => {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await inbox.settle(batch.map(({ settlement }) => settlement)).then(
        () => batch.forEach(({ resolve }) => void resolve()),
        (error: unknown) => batch.forEach(({ reject }) => void reject(error)),
      );
    }
    writing = false;
  };

  return (settlement) =>
    new Promise((resolve, reject) => {
      waiting.push({ settlement, resolve, reject });
      if (!writing) void write();
    });
}
