/** Bounds how many bytes of request bodies are in memory at one time, over all requests. */
export interface BodyBudget {
  /** Returns a request's share, which is empty at first. */
  open(): BodyShare;
}

/** One request's part of the budget. */
export interface BodyShare {
  /** Makes the share `bytes` larger; returns false if that is more than is left. */
  take(bytes: number): boolean;
  /** Sets the memory that {@link release} frees. */
  holds(memory: { free(): void }): void;
  /** Gives everything back, and frees the memory. */
  release(): void;
}

/** Real deliveries are hardly ever larger. */
const SMALL_BYTES = 256 * 1024;

/**
 * Creates a budget of `maxBytes`. A quarter of it is kept for small bodies: a few huge ones, of which no signature has been
 * checked yet, must not turn away all others.
 */
export function createBodyBudget(maxBytes: number): BodyBudget {
  const maxLarge = maxBytes * 0.75;
  let used = 0;
  let usedByLarge = 0;
  return {
    open() {
      let share = 0;
      let held: { free(): void } | undefined;
      return {
        take(bytes) {
          const wasLarge = share > SMALL_BYTES ? share : 0;
          const isLarge = share + bytes > SMALL_BYTES ? share + bytes : 0;
          if (used + bytes > maxBytes || (isLarge > 0 && usedByLarge - wasLarge + isLarge > maxLarge)) return false;
          used += bytes;
          usedByLarge += isLarge - wasLarge;
          share += bytes;
          return true;
        },
        holds(memory) {
          held = memory;
        },
        release() {
          held?.free();
          held = undefined;
          used -= share;
          if (share > SMALL_BYTES) usedByLarge -= share;
          share = 0;
        },
      };
    },
  };
}
