import { valueWithin } from '../async/deadline.js';

/** A signal, and how long to wait for the end before the next one, in milliseconds. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/**
 * Sends a process group one signal after another until `ended` settles. Returns whether it did within the last wait.
 * `pid`: of the group's first process; undefined if that could not be started.
 */
export async function stopGroup(
  pid: number | undefined,
  ended: Promise<unknown>,
  steps: readonly StopStep[],
): Promise<boolean> {
  const settled = ended.then(
    () => true,
    () => true,
  );
  for (const { signal, waitMs } of steps) {
    signalGroup(pid, signal);
    if (await valueWithin(waitMs, settled)) return true;
  }
  return false;
}

/**
 * Sends a signal to every process of a group. Nothing happens if none is left, or only one that runs as another user.
 */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid !== undefined) signalOne(-pid, signal);
}

/** Sends a signal to one process, as {@link signalGroup} does to a group. */
export function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // There is nothing more that we can do.
  }
}
