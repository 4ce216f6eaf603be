import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { makeNicer, makeSessionNicer, nicerBy, sessionOf } from '../../niceness.js';

/** Where memory runs out, Linux ends processes with a high score first: `proc(5)`, `oom_score_adj`, of 1,000. */
const OOM_SCORE = 500;

/** Only root may make a second session nicer within a tenth of a second. */
const TRIES = 20;
const PAUSE_MS = 150;

/** What says of a process whether it has ended. */
export type Started = Pick<ChildProcess, 'pid' | 'exitCode' | 'signalCode'>;

/**
 * Lets others go before a process that was just started, for the CPU, the disk and memory, and before all that it starts: these
 * inherit what it has. `more`: by how much it is nicer than this process; 0 leaves all as it is. Linux derives the share of the disk
 * from it.
 */
export function lowerPriority(child: Started, more: number): void {
  if (more === 0 || child.pid === undefined) return;
  const niceness = nicerBy(more);
  lowerOne(child.pid, niceness);
  void followUp(child, child.pid, niceness);
}

/** What a process had started before its own priority was lowered is lowered too. Most have ended before. */
async function followUp(child: Started, pid: number, niceness: number): Promise<void> {
  // Once it has ended, its number may be another's, which then stays as it is.
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  await wait(PAUSE_MS, undefined, { ref: false });
  for (let tries = 0; tries < TRIES && !hasEnded(); tries++) {
    if (tries > 0) makeSessionNicer(pid, niceness);
    const now = await readFile(sessionOf(pid), 'utf8').catch(() => undefined);
    if (now === undefined || now.trim().endsWith(` nice ${niceness}`)) break;
    await wait(PAUSE_MS, undefined, { ref: false });
  }
  if (hasEnded()) return;
  for (const one of await descendants(pid)) lowerOne(one, niceness);
}

function lowerOne(pid: number, niceness: number): void {
  makeNicer(pid, niceness);
  makeSessionNicer(pid, niceness);
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(OOM_SCORE));
  } catch {
    // It has ended, or is another user's by now.
  }
}

/** Returns the ids of what a process has started, from whichever of its threads, and that in turn. */
async function descendants(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''));
  const children = (await Promise.all(texts)).flatMap((text) => text.split(' ').filter(Boolean).map(Number));
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
