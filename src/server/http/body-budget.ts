/** Bounds the bytes of request bodies that are in memory at one time, over all requests. */
export interface BodyBudget {
  /** A request's share, empty at first. */
  open(): BodyShare;
}

export interface BodyShare {
  /** Makes the share `bytes` larger; false if that is more than is left. */
  take(bytes: number): boolean;
  /** The memory that the share is taken for. */
  holds(memory: { free(): void }): void;
  /** Gives everything back, and frees the memory. */
  release(): void;
}

/** Real deliveries hardly ever are larger. */
const SMALL_BYTES = 256 * 1024;

/**
 * A part of the whole is kept for small bodies: who sends a few huge ones, before anything is known of their signature,
 * must not be able to turn away everybody else.
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
