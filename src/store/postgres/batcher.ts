import { StoreUnavailableError } from '../store.js';

/** One call, and how it is answered. */
interface Waiting<I, O> {
  readonly input: I;
  readonly bytes: number;
  /** By the process's clock, which nobody sets. */
  readonly since: number;
  readonly resolve: (output: O) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers calls: what arrives while one batch is under way forms the next, so nobody waits for company. A batch holds
 * at most `most.requests` calls and `most.bytes` bytes, or one call that is larger. Calls that have waited for
 * `givenUpMs` are refused with {@link StoreUnavailableError} instead: whoever sent them has stopped waiting.
 */
export function createBatcher<I, O>({
  most,
  givenUpMs,
  run,
}: {
  most: { requests: number; bytes: number };
  givenUpMs: number;
  /** Answers each input, in order. */
  run: (inputs: readonly I[]) => Promise<PromiseSettledResult<O>[]>;
}): (input: I, bytes: number) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  let running = false;

  function next(): Waiting<I, O>[] {
    let bytes = 0;
    let count = 0;
    for (const call of waiting) {
      bytes += call.bytes;
      if (count > 0 && (count >= most.requests || bytes > most.bytes)) break;
      count += 1;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  }

  async function drain(): Promise<void> {
    running = true;
    // What is called in the same turn is together from the start.
    await Promise.resolve();
    while (waiting.length > 0) {
      const oldest = performance.now() - givenUpMs;
      const [late, batch] = partition(next(), ({ since }) => since < oldest);
      for (const { reject } of late) reject(new StoreUnavailableError('The store was too busy for too long.'));
      if (batch.length > 0) await answer(batch);
    }
    running = false;
  }

  async function answer(batch: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ input }) => input));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result?.status === 'fulfilled') resolve(result.value);
        else reject(result?.reason ?? new Error('A batch was not answered whole.'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return (input, bytes) =>
    new Promise<O>((resolve, reject) => {
      waiting.push({ input, bytes, since: performance.now(), resolve, reject });
      if (!running) void drain();
    });
}

function partition<T>(all: readonly T[], belongs: (one: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
}
