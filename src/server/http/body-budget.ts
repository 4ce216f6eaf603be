/** Bounds the bytes of request bodies that are in memory at one time, over all requests. */
export interface BodyBudget {
  /** A request's share, empty at first. */
  open(): BodyShare;
}

export interface BodyShare {
  /** Makes the share `bytes` larger; false if that is more than is left. */
  take(bytes: number): boolean;
  /** Gives everything back. */
  release(): void;
}

export function createBodyBudget(maxBytes: number): BodyBudget {
  let used = 0;
  return {
    open() {
      let share = 0;
      return {
        take(bytes) {
          if (used + bytes > maxBytes) return false;
          used += bytes;
          share += bytes;
          return true;
        },
        release() {
          used -= share;
          share = 0;
        },
      };
    },
  };
}
