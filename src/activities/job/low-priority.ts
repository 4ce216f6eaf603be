import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** Niceness of jobs, unless the configuration has another one. Linux derives the share of the disk from it. */
export const NICENESS = 10;

/** Where memory runs out, Linux ends processes with a high score first: `proc(5)`, `oom_score_adj`, of 1,000. */
const OOM_SCORE = 500;

/** Only root may make a second session nicer within a tenth of a second. */
const TRIES = 20;
const PAUSE_MS = 150;

/** What says of a process whether it has ended. */
export type Started = Pick<ChildProcess, 'pid' | 'exitCode' | 'signalCode'>;

/**
 * Lets others go before a process that was just started, for the CPU, the disk and memory, and before all that it starts: these
 * inherit what it has. `niceness`: 0 leaves all as it is. What the system does not have, or does not allow, is left out.
 */
export function lowerPriority(child: Started, niceness: number): void {
  if (niceness === 0 || child.pid === undefined) return;
  lowerOne(child.pid, niceness);
  void followUp(child, child.pid, niceness);
}

/** What a process had started before its own priority was lowered is lowered too. Most have ended before. */
async function followUp(child: Started, pid: number, niceness: number): Promise<void> {
  // Once it has ended, its number may be another's, which then stays as it is.
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  await wait(PAUSE_MS, undefined, { ref: false });
  // In a session of its own, a process has its CPU time from the session's share (`sched(7)`, autogroup).
  const session = `/proc/${pid}/autogroup`;
  for (let tries = 0; tries < TRIES && !hasEnded(); tries++) {
    if (tries > 0) tryTo(() => writeFileSync(session, String(niceness)));
    const now = await readFile(session, 'utf8').catch(() => undefined);
    if (now === undefined || now.trim().endsWith(` nice ${niceness}`)) break;
    await wait(PAUSE_MS, undefined, { ref: false });
  }
  if (hasEnded()) return;
  for (const one of await descendants(pid)) lowerOne(one, niceness);
}

function lowerOne(pid: number, niceness: number): void {
  tryTo(() => setPriority(pid, Math.max(niceness, getPriority(pid))));
  tryTo(() => writeFileSync(`/proc/${pid}/oom_score_adj`, String(OOM_SCORE)));
  tryTo(() => writeFileSync(`/proc/${pid}/autogroup`, String(niceness)));
}

/** Returns the ids of what a process has started, from whichever of its threads, and that in turn. */
async function descendants(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''));
  const children = (await Promise.all(texts)).flatMap((text) => text.split(' ').filter(Boolean).map(Number));
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

/** It may have ended, or be another user's by now. */
function tryTo(change: () => void): void {
  try {
    change();
  } catch {
    // Then it keeps the priority that it has.
  }
}
