/** One piece of memory that is filled from the front, and made larger when it is full. */
export interface GrowingBuffer {
  /** Bytes that adding `chunk` would take from memory beyond what is held already. */
  growth(chunk: Buffer): number;
  add(chunk: Buffer): void;
  /** What has been added. */
  content(): Buffer;
  readonly length: number;
}

/**
 * Collects chunks of any size into one buffer. Keeping them as they come would cost hundreds of bytes for each, and a
 * sender decides how small they are.
 */
export function createGrowingBuffer(most: number): GrowingBuffer {
  let held = Buffer.alloc(0);
  let length = 0;
  const sizeFor = (needed: number) =>
    needed <= held.length ? held.length : Math.min(most, Math.max(held.length * 2, needed));
  return {
    get length() {
      return length;
    },
    growth: (chunk) => sizeFor(length + chunk.length) - held.length,
    add(chunk) {
      const size = sizeFor(length + chunk.length);
      if (size > held.length) {
        const larger = Buffer.allocUnsafe(size);
        held.copy(larger, 0, 0, length);
        held = larger;
      }
      chunk.copy(held, length);
      length += chunk.length;
    },
    content: () => held.subarray(0, length),
  };
}
