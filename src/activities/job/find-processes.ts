import { readdir, readFile } from 'node:fs/promises';
import { mapAtOnce } from '../../async/at-once.js';

/** Of each, what it has in its environment is in memory meanwhile: a stranger's step may have thousands of processes with megabytes each. */
const AT_ONCE = 8;

/** Returns the processes of this machine of which something holds, by their ids; none where there is no `/proc`. `among`: those that are looked at. */
export async function processesThat(
  holds: (pid: number) => Promise<boolean>,
  among: (pid: number) => boolean = () => true,
): Promise<number[]> {
  const all = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await mapAtOnce(all.filter(among), AT_ONCE, async (pid) => ((await holds(pid)) ? [pid] : []));
  return found.flat();
}

/** Returns the environment of a process as it began, each variable ended by a NUL; nothing of one that has ended, or is another user's. */
export function environmentOf(pid: number): Promise<Buffer> {
  return readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0));
}

/** Returns the values that a variable has in such an environment: most often one, or none. */
export function valuesIn(environment: Buffer, name: string): string[] {
  const [values, beginning] = [[] as string[], `${name}=`];
  for (let at = environment.indexOf(beginning); at >= 0; at = environment.indexOf(beginning, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    values.push(environment.toString('utf8', at + beginning.length, end < 0 ? undefined : end));
  }
  return values;
}
