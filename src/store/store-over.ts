import { createAttemptStore } from './attempts.js';
import type { Backend } from './backend.js';
import { createInbox } from './inbox.js';
import { createLogStore } from './logs.js';
import { createRecordStore } from './records.js';
import type { Store } from './store.js';

/** Returns the store over any database. */
export function storeOver(backend: Backend): Store {
  return {
    inbox: createInbox(backend),
    logs: createLogStore(backend),
    records: createRecordStore(backend),
    attempts: createAttemptStore(backend),
    close: () => backend.close(),
  };
}
