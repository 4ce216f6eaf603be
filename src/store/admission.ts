import { valueWithin } from '../async/deadline.js';
import { StoreClosedError, StoreUnavailableError } from './store.js';

/** How much this process may ask of the store at once, and how long it waits. */
export interface AdmissionLimits {
  /** Calls without an answer; one more is refused at once. */
  readonly requests: number;
  /** Bytes that those calls carry. */
  readonly bytes: number;
  /** A call without an answer fails after this many ms, though the store may still carry it out. */
  readonly answerMs: number;
}

/** The calls that the store has not answered, with a bound on how many and how long. */
export interface Admission {
  /**
   * Does the work, which begins at once. Throws {@link StoreUnavailableError} if too many calls wait or this one takes
   * too long, and {@link StoreClosedError} after {@link Admission.close}.
   */
  admit<T>(bytes: number, work: () => Promise<T>): Promise<T>;
  /** Refuses new calls, and resolves when all others have been answered, or after `ms` milliseconds. */
  close(ms: number): Promise<void>;
}

interface Call {
  /** By the process's clock, which nobody sets. */
  readonly since: number;
  readonly giveUp: (error: Error) => void;
}

const WATCH_MS = 1_000;

/**
 * Returns an admission that watches for calls without an answer until it is closed. One timer watches all of them: a
 * deadline for each would cost more than the call itself.
 */
export function createAdmission(limits: AdmissionLimits): Admission {
  // The first is the oldest.
  const calls = new Set<Call>();
  let bytesWaiting = 0;
  let closed = false;
  let onIdle: () => void = () => undefined;

  const watch = setInterval(() => {
    const now = performance.now();
    for (const { since, giveUp } of calls) {
      if (now - since < limits.answerMs) return;
      giveUp(new StoreUnavailableError(`The store did not answer within ${limits.answerMs} ms.`));
    }
  }, WATCH_MS).unref();

  return {
    admit: <T>(bytes: number, work: () => Promise<T>) =>
      // What is thrown in here rejects the promise.
      new Promise<T>((resolve, giveUp) => {
        if (closed) throw new StoreClosedError('The store is closed.');
        if (calls.size >= limits.requests || bytesWaiting + bytes > limits.bytes)
          throw new StoreUnavailableError(`The store is too busy: ${calls.size} requests wait for it.`);
        const working = work();
        const call = { since: performance.now(), giveUp };
        calls.add(call);
        bytesWaiting += bytes;
        // Work that was given up still counts: the store still has it, and its bytes.
        const leave = () => {
          calls.delete(call);
          bytesWaiting -= bytes;
          if (calls.size === 0) onIdle();
        };
        working.finally(leave).then(resolve, giveUp);
      }),
    async close(ms) {
      closed = true;
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
        if (calls.size === 0) resolve();
      });
      await valueWithin(ms, idle);
      clearInterval(watch);
    },
  };
}
