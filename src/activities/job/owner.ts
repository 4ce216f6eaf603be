import { hostname } from 'node:os';
import { z } from 'zod';
import { startTime } from '../../process-start-time.js';

/** The process that a workspace belongs to. Start time and boot tell it from a later process with the same id. */
export const ownerSchema = z.object({
  host: z.string(),
  pid: z.number(),
  /** In ticks since the boot on Linux; a date elsewhere. */
  startTime: z.string(),
  /** Of Linux. Versions before noted none. */
  boot: z.string().optional(),
});

/** The process that owns a workspace. */
export type Owner = z.output<typeof ownerSchema>;

/** Returns this process as an owner. */
export async function thisProcess(): Promise<Owner> {
  return { host: hostname(), pid: process.pid, ...(await startOf(process.pid)) };
}

/** Returns whether the owner still runs; undefined when it is on another host or in another container. */
export async function isAlive(owner: Owner): Promise<boolean | undefined> {
  if (owner.host !== hostname()) return undefined;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const { startTime: started, boot } = await startOf(owner.pid);
  return started === owner.startTime && (owner.boot === undefined || boot === owner.boot);
}

async function startOf(pid: number): Promise<Pick<Owner, 'startTime' | 'boot'>> {
  const [ticks = '', boot] = ((await startTime(pid)) ?? '').split('/').reverse();
  return { startTime: ticks, ...(boot !== undefined && { boot }) };
}
