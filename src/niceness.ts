import { writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** By how much what can wait is nicer than what starts it, as `nice(1)` counts: of a core that both want it gets a tenth. */
export const NICER_BY = 10;

/** The same for what a receiver is there for: it gets a quarter, so that runs go on however many deliveries come in. */
export const NICER_THAN_RECEIVER_BY = 5;

const NICEST = 19;

/** Returns the niceness of this process and some more, or 19, which is the most there is. */
export function nicerBy(more: number): number {
  return Math.min(NICEST, getPriority() + more);
}

/**
 * Makes a process that has just been started nicer, and with it all that it starts from then on. One that is nicer already stays as
 * it is, and what the system does not have, or does not allow, is left out.
 */
export function makeNicer(pid: number, niceness: number): void {
  tryTo(() => setPriority(pid, Math.max(niceness, getPriority(pid))));
}

/**
 * Makes the session of a process nicer: in one of its own, it has its CPU time from the session's share, whatever its own niceness
 * (`sched(7)`, autogroup).
 */
export function makeSessionNicer(pid: number, niceness: number): void {
  tryTo(() => writeFileSync(sessionOf(pid), String(niceness)));
}

/** Returns the file that tells and takes the niceness of a process's session, on Linux. */
export function sessionOf(pid: number): string {
  return `/proc/${pid}/autogroup`;
}

/** It may have ended, or be another user's by now. */
function tryTo(change: () => void): void {
  try {
    change();
  } catch {
    // Then it keeps what it has.
  }
}
