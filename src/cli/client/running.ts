import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Content of `running.json`, by which commands find the server that runs on a data folder. */
const runningSchema = z.object({
  pid: z.number(),
  url: z.string(),
  uiUrl: z.string().optional(),
});

/** The server that runs on a data folder. */
export type Running = z.output<typeof runningSchema>;

const fileIn = (data: string) => join(data, 'running.json');

/** Writes down which server runs on a data folder. */
export async function writeRunning(data: string, running: Running): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  await writeFile(fileIn(data), `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
}

/** Deletes what {@link writeRunning} wrote, unless another process has started on the folder since. */
export async function removeRunning(data: string): Promise<void> {
  const running = await readRunning(data);
  if (running && running.pid !== process.pid) return;
  await rm(fileIn(data), { force: true });
}

/** Returns the server that runs on a data folder; undefined if none does. */
export async function readRunning(data: string): Promise<Running | undefined> {
  const text = await readFile(fileIn(data), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const running = runningSchema.safeParse(parse(text));
  return running.success && isAlive(running.data.pid) ? running.data : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
