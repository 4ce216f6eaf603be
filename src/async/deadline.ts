export interface Deadline {
  readonly ms: number;
  /** Ends the work before its time. */
  readonly parent?: AbortSignal | undefined;
}

/**
 * Does `work`, and gives it up with the signal's reason when its time is over or the parent aborts, even if the work
 * itself does not listen. A timer of our own, and not `AbortSignal.any` with `AbortSignal.timeout`: Node lets that pair
 * be collected before it fires (https://github.com/nodejs/node/issues/57736).
 */
export async function withDeadline<T>({ ms, parent }: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () => controller.abort(parent?.reason);
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${ms / 1000} seconds`)), ms);
  parent?.addEventListener('abort', stop, { once: true });
  if (parent?.aborted) stop();
  try {
    const aborted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return await Promise.race([work(signal), aborted]);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener('abort', stop);
  }
}
