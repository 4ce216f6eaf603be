import { onAbort } from './on-abort.js';

/** Returns what work resolves to, with a signal that aborts with the first of several, and its reason. */
export async function withFirstAbort<T>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const off = signals.map((signal) => onAbort(signal, () => stop.abort(signal.reason)));
  try {
    return await work(stop.signal);
  } finally {
    for (const stopListening of off) stopListening();
  }
}
