/** Lets a loop sleep until something happens. */
export interface Wakeup {
  /** Ends the sleep, or the next one if nobody sleeps. */
  notify(): void;
  /** Resolves at the next {@link Wakeup.notify}, or after `ms` milliseconds. One loop may wait at a time. */
  wait(ms: number): Promise<void>;
}

/** Returns a wakeup that nobody has notified. */
export function createWakeup(): Wakeup {
  let missed = false;
  let wake: (() => void) | undefined;
  return {
    notify() {
      if (wake) wake();
      else missed = true;
    },
    async wait(ms) {
      if (!missed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      missed = false;
      wake = undefined;
    },
  };
}
