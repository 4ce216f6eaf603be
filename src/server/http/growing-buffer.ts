/** A buffer that grows as bytes are added. */
export interface GrowingBuffer {
  /** Returns how many bytes of memory adding `chunk` would take, beyond what is held already. */
  growth(chunk: Buffer): number;
  add(chunk: Buffer): void;
  /** Returns what has been added; empty once it has been freed. */
  content(): Buffer;
  /** Frees the memory at once. A large buffer that {@link content} returned before is empty from then on. */
  free(): void;
  readonly length: number;
}

/** A body of this size or less is freed by the garbage collector. */
const SMALL_BYTES = 64 * 1024;
/** More than is needed by this at most, so that bytes that come one by one are not copied each time. */
const STEP = 16 * 1024;

/**
 * Creates a buffer that holds at most `most` bytes. It collects chunks of any size: keeping them one by one would cost
 * hundreds of bytes for each, and the sender decides how small they are.
 *
 * A large one lies in a resizable `ArrayBuffer`: it grows in place, and its pages go back to the system when it is freed.
 * The garbage collector would keep it until it finds time, which it does not while a thousand senders send 25 MB each.
 */
export function createGrowingBuffer(most: number): GrowingBuffer {
  let held = Buffer.alloc(0);
  let large: ArrayBuffer | undefined;
  let length = 0;
  const sizeFor = (needed: number) => {
    if (needed <= held.length) return held.length;
    // Many bodies come in one piece, and have just the memory that they need.
    return length === 0 ? needed : Math.min(most, Math.ceil(needed / STEP) * STEP);
  };
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
      // One that was given to a thread is gone already, and looks empty.
      if (large && large.byteLength > 0) large.resize(0);
      held = Buffer.alloc(0);
      length = 0;
    },
  };
}
