/** One piece of memory that is filled from the front, and made larger when it is full. */
export interface GrowingBuffer {
  /** Bytes that adding `chunk` would take from memory beyond what is held already. */
  growth(chunk: Buffer): number;
  add(chunk: Buffer): void;
  /** What has been added. Empty, once it has been freed. */
  content(): Buffer;
  /** Gives the memory back at once; what {@link content} gave is empty from here on where it was large. */
  free(): void;
  readonly length: number;
}

/** A body of this size or less is left to the garbage collector. */
const SMALL_BYTES = 64 * 1024;

/**
 * Collects chunks of any size into one buffer. Keeping them as they come would cost hundreds of bytes for each, and a
 * sender decides how small they are.
 *
 * A large one lies in an `ArrayBuffer` that can be resized: it grows in place, and its pages go back to the system when
 * it is freed. The garbage collector would leave it lying for as long as it finds no time, and a thousand senders of
 * 25 MB see to that.
 */
export function createGrowingBuffer(most: number): GrowingBuffer {
  let held = Buffer.alloc(0);
  let large: ArrayBuffer | undefined;
  let length = 0;
  const sizeFor = (needed: number) =>
    needed <= held.length ? held.length : Math.min(most, Math.max(held.length * 2, needed));
  const grow = (size: number) => {
    if (large) {
      large.resize(size);
      held = Buffer.from(large);
      return;
    }
    const before = held;
    if (size > SMALL_BYTES) large = new ArrayBuffer(size, { maxByteLength: most });
    held = large ? Buffer.from(large) : Buffer.allocUnsafe(size);
    before.copy(held, 0, 0, length);
  };
  return {
    get length() {
      return length;
    },
    growth: (chunk) => sizeFor(length + chunk.length) - held.length,
    add(chunk) {
      const size = sizeFor(length + chunk.length);
      if (size > held.length) grow(size);
      chunk.copy(held, length);
      length += chunk.length;
    },
    content: () => held.subarray(0, length),
    free() {
      large?.resize(0);
      held = Buffer.alloc(0);
      length = 0;
    },
  };
}
