import { type AdmissionLimits, createAdmission } from './admission.js';
import type { Backend, InputOf, OperationName } from './backend.js';
import { type Answer, failureOf } from './failure.js';
import { StoreUnavailableError } from './store.js';
import { createUnanswered } from './unanswered.js';

/** One call of a process that has no store of its own. */
export interface SharedCall {
  readonly id: number;
  readonly operation: OperationName;
  readonly input: unknown;
  /** Roughly what it carries. */
  readonly bytes: number;
}

/** The other process's store, as this process uses it. */
export interface SharedBackend extends Backend {
  /** Settles the call that the other process has answered. */
  answered(answer: Answer): void;
  /** Rejects what waits, and all later calls, with a `StoreUnavailableError`, because the other process is gone. */
  lost(): void;
}

const LIMITS: AdmissionLimits = { requests: 10_000, bytes: 256 * 1024 * 1024, answerMs: 70_000 };
const CLOSE_MS = 5_000;
const LOST = 'The process that has the store is gone.';

/**
 * Returns a database that is another process's. One process alone writes to a SQLite file this way: two would wait for
 * each other by turns, and so would the deliveries that are being stored. `send` passes a call on; how it went comes
 * back by {@link SharedBackend.answered}.
 */
export function createSharedBackend(send: (call: SharedCall) => void): SharedBackend {
  const admission = createAdmission(LIMITS);
  const unanswered = createUnanswered();
  let isLost = false;
  return {
    call: (operation, input, cargo = { bytes: 0 }) =>
      admission.admit(
        cargo.bytes,
        () =>
          new Promise((resolve, reject) => {
            if (isLost) throw new StoreUnavailableError(LOST);
            const id = unanswered.add({ resolve, reject });
            try {
              send({ id, operation, input, bytes: cargo.bytes });
            } catch (cause) {
              unanswered.refuse(
                id,
                new Error('The call could not be sent to the process that has the store.', { cause }),
              );
            }
          }),
      ),
    answered: (answer) => unanswered.answer([answer]),
    lost() {
      isLost = true;
      unanswered.refuseAll(new StoreUnavailableError(LOST));
    },
    close: () => admission.close(CLOSE_MS),
  };
}

/** Does what another process asks of this one's store, and returns how it went. Never rejects. */
export function answerCall(backend: Backend, { id, operation, input, bytes }: SharedCall): Promise<Answer> {
  return backend.call(operation, input as InputOf<OperationName>, { bytes }).then(
    (value): Answer => ({ id, ok: true, value }),
    (error: unknown): Answer => ({ id, ok: false, failure: failureOf(error) }),
  );
}
