import { withDeadline } from '../../../async/deadline.js';

/** Time that pieces of work have together, one after the other. */
export interface SharedTime {
  /** Returns what work resolves to. Throws why it ended: its own reason, the parent's, or that the time is over. */
  within<T>(parent: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/**
 * Returns so many milliseconds, counted from now. `what`: takes too long when they are over. `why`: says so instead, where there is a
 * reason that helps more than the time itself.
 */
export function shareTime(what: string, ms: number, why?: string): SharedTime {
  const until = Date.now() + ms;
  const error = () => new Error(why ?? `${what} took more than ${inWords(ms)} in all`);
  return {
    async within(parent, work) {
      const left = until - Date.now();
      if (left <= 0) throw error();
      return withDeadline({ ms: left, parent, error }, work);
    },
  };
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes >= 2 ? `${minutes} minutes` : `${Math.max(0, Math.round(ms / 1000))} s`;
}
