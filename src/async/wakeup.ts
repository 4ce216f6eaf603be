/** Lets a loop sleep until something happens. A beat that comes while nobody sleeps ends the next sleep at once. */
export interface Wakeup {
  beat(): void;
  /** Resolves at the next beat, or after `ms`. */
  wait(ms: number): Promise<void>;
}

export function createWakeup(): Wakeup {
  let missed = false;
  let wake: (() => void) | undefined;
  return {
    beat() {
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
