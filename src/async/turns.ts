/** How much is done at a time, and how much may wait for that. */
export interface TurnsOptions {
  readonly atOnce: number;
  /** How many wait at most. */
  readonly waiting: number;
  /** How long one waits at most. */
  readonly waitMs: number;
  /** Makes the error for those who can't wait, or have waited for too long. */
  readonly error: () => Error;
}

/**
 * Returns a function that does work at once while there is room, and otherwise when it is its turn, in the order in which it came. Throws
 * the error of the options where too many wait already, or the time is over: the work is not begun then.
 */
export function createTurns({
  atOnce,
  waiting,
  waitMs,
  error,
}: TurnsOptions): <T>(work: () => Promise<T>) => Promise<T> {
  let busy = 0;
  const queue: (() => void)[] = [];
  const turn = () =>
    new Promise<void>((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(begin), 1);
        reject(error());
      }, waitMs);
      queue.push(begin);
    });
  return async (work) => {
    if (busy < atOnce) busy += 1;
    else if (queue.length < waiting) await turn();
    else throw error();
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = queue.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}
