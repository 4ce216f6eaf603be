import { UserError } from '../user-error.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that leaves nothing behind when it is interrupted: its signal aborts with a {@link UserError} when this process
 * is asked to stop. `says`: what a person is told then.
 */
export async function interruptible<T>(says: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController();
  const stop = (name: NodeJS.Signals) => stopping.abort(new UserError(`${name}: ${says}`));
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await work(stopping.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
