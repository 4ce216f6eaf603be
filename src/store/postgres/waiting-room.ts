import { valueWithin, withDeadline } from '../../async/deadline.js';
import { StoreClosedError, StoreUnavailableError } from '../store.js';

/** How much may be under way, and how long. */
export interface WaitingLimits {
  /** Calls without an answer; one more is refused at once. */
  readonly requests: number;
  /** Bytes that those carry. */
  readonly bytes: number;
  /** After this many ms without an answer a call is given up, though it may still be carried out. */
  readonly answerMs: number;
}

/** Everything that is under way, with a bound on how much and how long. */
export interface WaitingRoom {
  /** Does the work; throws {@link StoreUnavailableError} if there is no room for it, or when it takes too long. */
  admit<T>(bytes: number, work: () => Promise<T>): Promise<T>;
  /** Refuses what comes from now on, and resolves when everybody has left, or after `ms`. */
  close(ms: number): Promise<void>;
}

/** An empty room. */
export function createWaitingRoom(limits: WaitingLimits): WaitingRoom {
  let inside = 0;
  let bytesInside = 0;
  let closed = false;
  let onEmpty: () => void = () => undefined;

  return {
    async admit<T>(bytes: number, work: () => Promise<T>): Promise<T> {
      if (closed) throw new StoreClosedError('The store is closed.');
      if (inside >= limits.requests || bytesInside + bytes > limits.bytes) {
        throw new StoreUnavailableError(`The store is too busy: ${inside} requests wait for it.`);
      }
      inside += 1;
      bytesInside += bytes;
      // Work that was given up still counts: it still holds its bytes.
      const working = Promise.resolve()
        .then(work)
        .finally(() => {
          inside -= 1;
          bytesInside -= bytes;
          if (inside === 0) onEmpty();
        });
      const error = () => new StoreUnavailableError(`The store did not answer within ${limits.answerMs} ms.`);
      return withDeadline({ ms: limits.answerMs, error }, () => working);
    },
    async close(ms) {
      closed = true;
      if (inside === 0) return;
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      await valueWithin(ms, empty);
    },
  };
}
