import type { Backend, OperationName } from './backend.js';
import { type Damage, StoreDamagedError, type Write, type WriteListener } from './store.js';

/** A database that takes nothing more once it is known to be damaged. */
export interface WatchedBackend extends Backend {
  /** Resolves once the database is known to be damaged, and never otherwise. */
  readonly damaged: Promise<Damage>;
  /** Says that a check has found the database damaged. `because`: what it found. `whatToDo`: where that is something of its own. */
  foundDamaged(because: string, whatToDo?: string): void;
  /** Calls the listener with how each write went, from now on. */
  onWrite(listener: WriteListener): void;
}

/** What writes whenever it is called, beside a delivery that repeats none. */
const WRITES_ALWAYS: ReadonlySet<OperationName> = new Set<OperationName>(['appendLines', 'addAttempt']);

/** What may still be asked of a damaged database: nothing that writes. */
const READS: ReadonlySet<OperationName> = new Set<OperationName>([
  'nextDue',
  'backlog',
  'findDeliveries',
  'findStart',
  'listLanes',
  'placesToLookAt',
  'readWaits',
  'listWaits',
  'givenToWait',
  'runsNotBegun',
  'runsToTell',
  'readBody',
  'knownKeys',
  'listDeliveries',
  'earlierAlike',
  'arrivalTimes',
  'readLines',
  'logExtent',
  'searchLines',
  'listJobs',
  'getRecord',
  'listRecords',
  'listAttempts',
  'scanRecords',
]);

/**
 * Returns the database with its writes refused from the first answer on that says that it is damaged: whoever writes on
 * spoils what could be repaired, and what is written may be lost. What can be read still is. `whatToDo`: what a person does
 * about the damage.
 */
export function stopAtDamage(backend: Backend, whatToDo: string): WatchedBackend {
  let found: StoreDamagedError | undefined;
  let tell: (damage: Damage) => void = () => undefined;
  const damaged = new Promise<Damage>((resolve) => {
    tell = resolve;
  });
  const note = (error: StoreDamagedError, help = whatToDo) => {
    found ??= error;
    tell({ because: error.message, whatToDo: help });
  };
  const listeners: WriteListener[] = [];
  const ended = (write: Write) => {
    for (const listener of listeners) listener(write);
  };
  return {
    damaged,
    foundDamaged: (because, help) => note(new StoreDamagedError(`The database is damaged: ${because}`), help),
    onWrite: (listener) => void listeners.push(listener),
    call(operation, input, cargo) {
      if (found && !READS.has(operation)) return Promise.reject(found);
      const answer = backend.call(operation, input, cargo);
      answer.then(
        (value) => {
          if (WRITES_ALWAYS.has(operation) || (operation === 'acceptDelivery' && value === undefined))
            ended({ isDelivery: operation === 'acceptDelivery', error: undefined });
        },
        (error: unknown) => {
          if (error instanceof StoreDamagedError) note(error);
          if (!READS.has(operation)) ended({ isDelivery: operation === 'acceptDelivery', error });
        },
      );
      return answer;
    },
    close: () => backend.close(),
  };
}
