import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { valueWithin } from '../../async/deadline.js';
import { type StopStep, signalGroup, signalOne } from '../stop-group.js';
import { processesThat } from './find-processes.js';

/** The processes of a step. */
export interface Tree {
  /** Of its first process, and so of its group. */
  readonly pid: number | undefined;
  /** Settles when the first process has ended. */
  readonly first: Promise<unknown>;
  /** The first process runs none of the step's programs, and ends once they all have. */
  readonly isInit?: true;
  /** Returns whether a process that has left the group is one of them all the same. */
  readonly isOurs: (pid: number) => Promise<boolean>;
  /** Returns what tells which processes are to be looked at; undefined: all. */
  readonly among: () => ((pid: number) => boolean) | undefined;
}

/** How often it is looked who is left, in milliseconds. */
const LOOK_MS = 50;
/** Of SIGINT, in the set of signals that a process ignores. */
const INTERRUPT = 1 << 1;
/** Names of its program: on some systems one has all tools of coreutils. */
const TIMEOUT = ['timeout', 'coreutils'];

/**
 * Sends a step's processes one signal after another until none is left: `dash`, and Bash that waits for what runs in the background, end at
 * the first one while what they have started still cleans up, and `timeout` has a group of its own. Returns then, or after the last
 * pause. Where there is no `/proc`, nobody is known to be left once the first process has ended.
 */
export async function stopTree({ pid, first, isInit, isOurs, among }: Tree, steps: readonly StopStep[]): Promise<void> {
  let hasEnded = false;
  const over = () => {
    hasEnded = true;
  };
  const end = first.then(over, over);
  const groups = new Map<number, number>();
  const parents = new Map<number, number>();
  const timeouts = new Set<number>();
  const deaf = new Set<number>();
  const isLeft = async (one: number) => {
    const stat = await readFile(`/proc/${one}/stat`, 'latin1').catch(() => '');
    // Behind the program's name: the state, the parent and the group. Further on, which signals it ignores: proc_pid_stat(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', parent, group] = fields;
    groups.set(one, Number(group));
    parents.set(one, Number(parent));
    if ((Number(fields[30]) & INTERRUPT) !== 0) deaf.add(one);
    else deaf.delete(one);
    if (stat.includes('(timeout) ') && (await isTimeout(one))) timeouts.add(one);
    else timeouts.delete(one);
    const isThere = one !== pid && /^[^ZX]$/.test(state);
    return isThere && (Number(group) === pid || isOurs(one));
  };
  for (const { signal, waitMs } of steps) {
    const until = performance.now() + waitMs;
    const left = await processesThat(isLeft, among());
    // It sends what it gets to what it runs, twice: that gets it from here, once, and has it end.
    const hasTold = (one: number) => timeouts.has(one) && left.some((child) => parents.get(child) === one);
    const isAtOnce = ![...timeouts].some((one) => groups.get(one) === pid && hasTold(one));
    // Once the group has ended, its number may be another's.
    const isTold = hasEnded || !isAtOnce ? hasTold : (one: number) => groups.get(one) === pid || hasTold(one);
    // Shells begin so what they run in the background. What ignores it only later cleans up.
    const isInVain = signal === 'SIGINT' ? new Set(left.filter((one) => deaf.has(one))) : new Set<number>();
    if (!hasEnded && isAtOnce) signalGroup(pid, signal);
    else if (!hasEnded && pid !== undefined && !hasTold(pid)) signalOne(pid, signal);
    for (const one of left) if (!isTold(one)) signalOne(one, signal);
    for (; performance.now() < until; await wait(LOOK_MS)) {
      if (!isInit) await valueWithin(Math.max(0, until - performance.now()), end);
      if (!isInit && !hasEnded) continue;
      const still = await processesThat(isLeft, among());
      if (still.length === 0) return;
      if (still.every((one) => isInVain.has(one))) break;
    }
  }
}

/** Returns whether a process that is called so is it, and no script of that name. */
async function isTimeout(pid: number): Promise<boolean> {
  return TIMEOUT.includes(basename(await readlink(`/proc/${pid}/exe`).catch(() => '')));
}
