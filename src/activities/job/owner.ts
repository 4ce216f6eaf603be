import { readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { hasProcess, startTime } from '../../process-start-time.js';

/** The process that a workspace belongs to. Start time and boot tell it from a later process with the same id. */
export const ownerSchema = z.object({
  host: z.string(),
  pid: z.number(),
  /** In ticks since the boot on Linux; a date elsewhere; empty where the system did not tell. */
  startTime: z.string(),
  /** Of Linux. Versions before noted none. */
  boot: z.string().optional(),
  /**
   * Of Linux: where the process has this id. Containers may share the host's name, and each has processes of its own. Versions before
   * noted none.
   */
  pidNamespace: z.string().optional(),
});

/** The process that owns a workspace. */
export type Owner = z.output<typeof ownerSchema>;

type Start = Pick<Owner, 'startTime' | 'boot'>;

/** How long a note stays as it is whose owner is gone, where nobody can ask for the owner: many times as long as it takes to be kept fresh. */
const SILENT_MS = 3 * 60_000;

/** Of this process, once the system has told it: it stays so. */
let own: Start | undefined;

/** Returns this process as an owner. */
export async function thisProcess(): Promise<Owner> {
  const pidNamespace = await namespace();
  return {
    host: hostname(),
    pid: process.pid,
    ...((await ownStart()) ?? { startTime: '' }),
    ...(pidNamespace !== undefined && { pidNamespace }),
  };
}

/**
 * Returns whether the owner still runs; undefined where nobody can tell from here: it is on another host or in another container, or the
 * system does not say. `heardMs`: when the owner has last kept its note fresh, Unix ms.
 */
export async function isAlive(owner: Owner, heardMs: number): Promise<boolean | undefined> {
  if (owner.host !== hostname()) return undefined;
  const boot = (await ownStart())?.boot;
  if (owner.boot !== undefined && boot === undefined) return undefined;
  if (owner.boot !== undefined && owner.boot !== boot) return false;
  if (owner.pidNamespace !== undefined && owner.pidNamespace !== (await namespace()))
    return Date.now() - heardMs > SILENT_MS ? false : undefined;
  if (!hasProcess(owner.pid)) return false;
  const start = owner.startTime === '' ? undefined : await startOf(owner.pid);
  return start && start.startTime === owner.startTime;
}

async function ownStart(): Promise<Start | undefined> {
  own ??= await startOf(process.pid);
  return own;
}

/** Returns undefined where the system does not tell. */
async function startOf(pid: number): Promise<Start | undefined> {
  const [ticks, boot] = (await startTime(pid))?.split('/').reverse() ?? [];
  return ticks === undefined ? undefined : { startTime: ticks, ...(boot !== undefined && { boot }) };
}

function namespace(): Promise<string | undefined> {
  return readlink('/proc/self/ns/pid').catch(() => undefined);
}
