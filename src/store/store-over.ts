import { createAttemptStore } from './attempts.js';
import type { Backend } from './backend.js';
import { createForgetting } from './forgetting.js';
import { createInbox } from './inbox.js';
import { createLanes } from './lanes.js';
import { createLogStore } from './logs.js';
import { createRecordStore } from './records.js';
import type { WatchedBackend } from './stop-at-damage.js';
import type { Store } from './store.js';
import { createWaits } from './waits.js';

/** Returns the store over any database. */
export function storeOver(backend: Backend & Partial<Pick<WatchedBackend, 'damaged' | 'onWrite'>>): Store {
  const { damaged, onWrite } = backend;
  return {
    ...(damaged && { damaged }),
    ...(onWrite && { onWrite }),
    inbox: createInbox(backend),
    lanes: createLanes(backend),
    waits: createWaits(backend),
    logs: createLogStore(backend),
    records: createRecordStore(backend),
    attempts: createAttemptStore(backend),
    forgetting: createForgetting(backend),
    close: () => backend.close(),
  };
}
