import { type Answer, toError } from './failure.js';

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The requests that the thread, or the process, that has the store has not answered. */
export interface Unanswered {
  /** Returns the request's id. */
  add(request: Waiting): number;
  /** Rejects a request that was never sent. */
  refuse(id: number, error: Error): void;
  /** Settles the requests that have been answered. */
  answer(answers: readonly Answer[]): void;
  /** Rejects all of them. */
  refuseAll(error: Error): void;
}

/** Returns an empty list. */
export function createUnanswered(): Unanswered {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  function take(id: number): Waiting | undefined {
    const request = waiting.get(id);
    waiting.delete(id);
    return request;
  }

  return {
    add(request) {
      lastId += 1;
      waiting.set(lastId, request);
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
    refuseAll(error) {
      for (const id of [...waiting.keys()]) take(id)?.reject(error);
    },
  };
}
