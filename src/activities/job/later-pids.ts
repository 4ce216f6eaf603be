import { readFileSync } from 'node:fs';

/** How the numbers of processes stand. Threads have such numbers too. */
export interface Pids {
  /** How many were given since the system began. */
  readonly given: number;
  /** How many are in use: these are passed over. */
  readonly inUse: number;
  /** None is larger. */
  readonly most: number;
  /** The one that was given last. */
  readonly last: number;
}

/** The first process of a step, and how the numbers stood before it began. */
export interface FirstProcess {
  readonly pid: number;
  readonly pids: Pids | undefined;
}

/** More than Linux leaves out at the beginning, and than may have ended meanwhile. */
const SPARE = 1_000;

/** Returns how the numbers of processes stand; undefined where the system does not tell. Source: `proc(5)`. */
export function pidsNow(): Pids | undefined {
  try {
    const numberIn = (file: string, pattern: RegExp) =>
      Number(pattern.exec(readFileSync(`/proc/${file}`, 'latin1'))?.[1]);
    const given = numberIn('stat', /^processes (\d+)$/m);
    const inUse = numberIn('loadavg', /\/(\d+) /);
    const last = numberIn('loadavg', / (\d+)$/m);
    const most = numberIn('sys/kernel/pid_max', /^(\d+)$/m);
    return given > 0 && inUse > 0 && most > 0 && last > 0 ? { given, inUse, most, last } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns what tells of a number whether its process may have begun after another: Linux gives them in turn, and begins anew behind the
 * largest. Undefined where too many were given since for anybody to tell. Reading the environment of all processes of a machine after
 * each step would take longer than most steps.
 */
export function laterThan({ pid: first, pids: before }: FirstProcess, now: Pids | undefined) {
  if (!before || !now) return undefined;
  const span = now.given - before.given + 2 * Math.max(before.inUse, now.inUse) + SPARE;
  const isNear = (pid: number): boolean => (pid - first + now.most) % now.most <= span;
  // Where a limit lets no process begin, numbers are used up that nobody counts.
  return span > now.most / 2 || !isNear(now.last) ? undefined : isNear;
}
