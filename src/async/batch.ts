/** How items are gathered, and what is done with them. */
export interface BatchOptions<I, O> {
  /** Does a batch, and returns how each input ended, in order. If it throws, every call of the batch throws that. */
  readonly run: (inputs: readonly I[]) => Promise<readonly PromiseSettledResult<O>[]>;
  /** How much one batch holds: this many calls and bytes, or one call that is larger. No limit by default. */
  readonly max?: { readonly requests: number; readonly bytes: number };
  /** A call that has waited this long before its batch begins fails with this error. */
  readonly late?: { readonly ms: number; readonly error: () => Error };
}

interface Call<I, O> {
  readonly input: I;
  readonly bytes: number;
  /** By the process's clock, which nobody sets. */
  readonly since: number;
  readonly resolve: (output: O) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Returns a function whose calls are done in batches, one at a time: what is called while one is under way forms the
 * next, so that nobody waits for company.
 */
export function createBatcher<I, O>({
  run,
  max = { requests: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY },
  late,
}: BatchOptions<I, O>): (input: I, bytes?: number) => Promise<O> {
  let waiting: Call<I, O>[] = [];
  let running = false;

  function next(): Call<I, O>[] {
    let bytes = 0;
    let count = 0;
    for (const call of waiting) {
      bytes += call.bytes;
      if (count > 0 && (count >= max.requests || bytes > max.bytes)) break;
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
      const batch = late ? withoutLate(next(), late) : next();
      if (batch.length > 0) await answer(batch);
    }
    running = false;
  }

  async function answer(batch: readonly Call<I, O>[]): Promise<void> {
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

  return (input, bytes = 0) =>
    new Promise<O>((resolve, reject) => {
      waiting.push({ input, bytes, since: performance.now(), resolve, reject });
      if (!running) void drain();
    });
}

/** Rejects the calls that have waited for too long, and returns the others. */
function withoutLate<I, O>(
  calls: readonly Call<I, O>[],
  { ms, error }: { readonly ms: number; readonly error: () => Error },
): Call<I, O>[] {
  const oldest = performance.now() - ms;
  const isLate = ({ since }: Call<I, O>) => since < oldest;
  for (const { reject } of calls.filter(isLate)) reject(error());
  return calls.filter((call) => !isLate(call));
}
