import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';

/** The process that a workspace belongs to. The start time tells it from a later process with the same id. */
export const ownerSchema = z.object({ host: z.string(), pid: z.number(), startTime: z.string() });

/** The process that owns a workspace. */
export type Owner = z.output<typeof ownerSchema>;

/** Returns this process as an owner. */
export async function thisProcess(): Promise<Owner> {
  return { host: hostname(), pid: process.pid, startTime: await startTimeOf(process.pid) };
}

/** Returns whether the owner still runs; undefined when it is on another host or in another container. */
export async function isAlive(owner: Owner): Promise<boolean | undefined> {
  if (owner.host !== hostname()) return undefined;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return (await startTimeOf(owner.pid)) === owner.startTime;
}

/** Returns clock ticks since boot (field 22 of proc(5)'s stat); empty where there is no /proc. */
async function startTimeOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in brackets, which may hold blanks and brackets.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
