/** What was opened for a test, to be closed in the reverse order. */
export interface Closers {
  /** Remembers how something is closed. */
  defer(close: () => unknown): void;
  /** Remembers a thing that closes itself, and returns it. */
  add<T extends { close(): unknown }>(thing: T): T;
  /** Closes everything, the newest first. Goes on after an error, and throws the first. */
  close(): Promise<void>;
}

/** Makes an empty list of what a test has to close. */
export function closers(): Closers {
  const all: (() => unknown)[] = [];
  return {
    defer: (close) => void all.push(close),
    add(thing) {
      all.push(() => thing.close());
      return thing;
    },
    async close() {
      const errors: unknown[] = [];
      for (const close of all.splice(0).reverse())
        await Promise.resolve()
          .then(close)
          .catch((error: unknown) => errors.push(error));
      if (errors.length > 0) throw errors[0];
    },
  };
}
