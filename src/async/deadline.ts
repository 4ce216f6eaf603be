/** How long something may take. */
export interface Deadline {
  /** How long to wait, in milliseconds. */
  readonly ms: number;
  /** Ends the wait early when it aborts, with its reason. */
  readonly parent?: AbortSignal | undefined;
  /** Makes the error that is thrown when the time is over: by default a {@link DeadlineError}. */
  readonly error?: (() => Error) | undefined;
}

/** Says that something did not answer in time. Its message quotes nothing, so it may be shown. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(ms: number) {
    super(`no answer within ${ms / 1000} seconds`);
  }
}

/**
 * Returns what `work` resolves to. When the time is over or the parent aborts, it throws that reason even if the work
 * goes on, and aborts the work's signal with it. The `p-timeout` package gives the work no signal, and
 * `AbortSignal.any` with `AbortSignal.timeout` may be garbage-collected before it fires
 * (https://github.com/nodejs/node/issues/57736).
 */
export async function withDeadline<T>(
  { ms, parent, error = () => new DeadlineError(ms) }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let giveUp: (reason: unknown) => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    giveUp = (reason) => {
      // In this order: work may fail with an error of its own as soon as its signal aborts.
      reject(reason);
      controller.abort(reason);
    };
  });
  // Whoever throws before the race begins leaves nobody to listen.
  over.catch(() => undefined);
  const stop = () => giveUp(parent?.reason);
  const timer = setTimeout(() => giveUp(error()), ms);
  parent?.addEventListener('abort', stop, { once: true });
  if (parent?.aborted) stop();
  try {
    return await Promise.race([work(controller.signal), over]);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener('abort', stop);
  }
}

/**
 * Returns what the promise resolves to, or undefined if it rejects or takes longer than `ms` milliseconds. Never
 * rejects.
 */
export function valueWithin<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  return withDeadline({ ms }, () => promise).catch(() => undefined);
}
