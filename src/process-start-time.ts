import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { shortEnvironment } from './secrets/short-environment.js';

const PS_MS = 5_000;

/**
 * Returns when a process started, as a text to compare: process ids come again, and in a container the same one is given
 * with each start. Undefined where there is no such process, or where the system does not tell.
 */
export async function startTime(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return fromProc(pid);
  const { stdout, failed } = await execa('ps', ['-o', 'lstart=', '-p', String(pid)], {
    env: { ...shortEnvironment(), LC_ALL: 'C' },
    extendEnv: false,
    reject: false,
    timeout: PS_MS,
  });
  return failed ? undefined : stdout.trim() || undefined;
}

/**
 * Returns whether the process lives that had this id and {@link startTime}; undefined where the system does not tell, as one without
 * free file descriptors.
 */
export async function isRunning(pid: number, started: string | undefined): Promise<boolean | undefined> {
  if (!hasProcess(pid)) return false;
  const now = started === undefined ? undefined : await startTime(pid);
  return now === undefined ? undefined : now === started;
}

/** Returns whether there is a process of this id, whoever's it is. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** In ticks since the machine was booted, with the id of that boot. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function fromProc(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // The second field is the program's name in brackets, which may hold blanks and brackets; the start is the 22nd.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks && `${boot.trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}
