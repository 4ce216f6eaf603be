import { throwIfCancelled } from '../activities/cancelled.js';
import { unavailable } from '../activities/failures.js';

const queues = new Map<string, Promise<unknown>>();

/** Work on one thing, one after the other within this process. Whose signal aborts waits no longer. */
export async function inTurn<T>(
  { key, signal }: { key: string; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const before = queues.get(key) ?? Promise.resolve();
  let finish: () => void = () => undefined;
  const mine = new Promise<void>((resolve) => {
    finish = resolve;
  });
  // Whoever comes next waits for those before as well: giving up a place must not let anybody past.
  const queue = Promise.all([before, mine]);
  queues.set(key, queue);
  try {
    await orAborted(before, signal);
    if (signal.aborted) {
      await throwIfCancelled();
      throw unavailable('stopped while another job was fetching from the same repository');
    }
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
