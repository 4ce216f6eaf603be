import type { ProcessExit } from '../process-group.js';

/** As shells, bubblewrap and container engines tell of what SIGKILL has ended, also where memory ran out. */
export const KILLED = 128 + 9;

/** Returns how a program has ended that ran within another one, by the exit code of that one, which tells no signals. */
export function toldExit(exitCode: number | null): ProcessExit {
  if (exitCode === KILLED) return { exitCode: undefined, signal: 'SIGKILL' };
  return { exitCode: exitCode ?? undefined, signal: undefined };
}
