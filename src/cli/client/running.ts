import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isRunning } from '../../process-start-time.js';

/** Content of `running.json`, by which commands find the server that runs on a data folder. */
const ownerSchema = z.object({
  pid: z.number(),
  /** When the process started: see `startTime`. Absent where the system does not tell. */
  startedAt: z.string().optional(),
  /** What it was called as: `start` or `server`. */
  command: z.string().optional(),
  /** Where it answers; absent until it does. */
  url: z.string().optional(),
  uiUrl: z.string().optional(),
});

/** The process that owns a data folder. */
export type Owner = z.output<typeof ownerSchema>;

/** The server that runs on a data folder. */
export type Running = Owner & { readonly url: string };

const fileIn = (data: string) => join(data, 'running.json');

/** Writes down which process owns a data folder, in one step: a reader sees all of it or what was there before. */
export async function writeRunning(data: string, owner: Owner): Promise<void> {
  const beside = `${fileIn(data)}.${randomBytes(6).toString('hex')}`;
  await writeFile(beside, `${JSON.stringify(owner, null, 2)}\n`, { mode: 0o600 });
  await rename(beside, fileIn(data));
}

/** Deletes what {@link writeRunning} wrote. Only the owner may. */
export async function removeRunning(data: string): Promise<void> {
  await rm(fileIn(data), { force: true });
}

/** Returns the server that runs on a data folder; undefined if none does, or none answers yet. */
export async function readRunning(data: string): Promise<Running | undefined> {
  const owner = await readOwner(data);
  return owner?.url === undefined ? undefined : { ...owner, url: owner.url };
}

/** Returns the process that owns a data folder; undefined if none does, as far as can be seen from here. */
export async function readOwner(data: string): Promise<Owner | undefined> {
  const text = await readFile(fileIn(data), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const owner = ownerSchema.safeParse(parse(text));
  if (!owner.success) return undefined;
  // Where the system does not tell, it may be the very process: another that has its id by now began at another time.
  return (await isRunning(owner.data.pid, owner.data.startedAt)) === false ? undefined : owner.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
