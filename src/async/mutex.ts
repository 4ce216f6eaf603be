const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `work` when all earlier work under the same key has ended, in this process. Throws the signal's reason if it
 * aborts while waiting; work that has begun is not interrupted.
 */
export async function runExclusive<T>(
  { key, signal }: { key: string; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const before = queues.get(key) ?? Promise.resolve();
  let finish: () => void = () => undefined;
  const mine = new Promise<void>((resolve) => {
    finish = resolve;
  });
  // The next one waits for those before as well: whoever leaves the queue must not let anybody past.
  const queue = Promise.all([before, mine]);
  queues.set(key, queue);
  try {
    await orAborted(before, signal);
    signal.throwIfAborted();
    return await work();
  } finally {
    finish();
    queue.then(() => {
      if (queues.get(key) === queue) queues.delete(key);
    });
  }
}

async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
