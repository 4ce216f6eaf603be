import { StoreUnavailableError } from '../store.js';
import { type Answer, toError } from './protocol.js';

/** How much may wait for the thread, and how long. */
export interface WaitingLimits {
  /** Requests without an answer; one more is refused at once. */
  readonly requests: number;
  /** Bytes that those carry. */
  readonly bytes: number;
  /** After this many ms without an answer a request is given up, though it may still be carried out. */
  readonly answerMs: number;
}

/** The requests that the thread has and has not answered. */
export interface WaitingList {
  readonly size: number;
  /** Throws {@link StoreUnavailableError} if there is no room for it. Answers with its id. */
  add(request: { bytes: number; resolve: (value: never) => void; reject: (error: Error) => void }): number;
  /** For a request that never reached the thread. */
  refuse(id: number, error: Error): void;
  answer(answers: readonly Answer[]): void;
  refuseAll(message: string): void;
  /** Ends the watch over requests that take too long. */
  end(): void;
}

/** An empty list that watches for requests without an answer until {@link WaitingList.end}. */
export function createWaitingList(limits: WaitingLimits): WaitingList {
  // `since` is by the process's clock, which nobody sets.
  const waiting = new Map<number, Parameters<WaitingList['add']>[0] & { since: number }>();
  let bytes = 0;
  let lastId = 0;

  function take(id: number) {
    const request = waiting.get(id);
    if (request && waiting.delete(id)) bytes -= request.bytes;
    return request;
  }

  /**
   * A disk that hangs doesn't answer at all. Who waits is told; the request itself still counts, since it still lies
   * before the thread. They are answered about in order, so the first is the oldest.
   */
  const watch = setInterval(() => {
    const now = performance.now();
    for (const { since, reject } of waiting.values()) {
      if (now - since < limits.answerMs) return;
      reject(new StoreUnavailableError(`The store did not answer within ${limits.answerMs} ms.`));
    }
  }, 1000).unref();

  return {
    get size() {
      return waiting.size;
    },
    add(request) {
      if (waiting.size >= limits.requests || bytes + request.bytes > limits.bytes) {
        throw new StoreUnavailableError(`The store is too busy: ${waiting.size} requests wait for it.`);
      }
      lastId += 1;
      waiting.set(lastId, { ...request, since: performance.now() });
      bytes += request.bytes;
      return lastId;
    },
    refuse: (id, error) => take(id)?.reject(error),
    answer(answers) {
      for (const answer of answers) {
        const request = take(answer.id);
        if (answer.ok) request?.resolve(answer.value as never);
        else request?.reject(toError(answer.failure));
      }
    },
    refuseAll(message) {
      for (const id of [...waiting.keys()]) take(id)?.reject(new StoreUnavailableError(message));
    },
    end: () => clearInterval(watch),
  };
}
