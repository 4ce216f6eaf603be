import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileIn = (dataFolder: string) => join(dataFolder, 'temporal.new');

/**
 * Returns whether the server has never been up on its database: there is none, or the starts before this one failed after it was
 * made. Writes that down until {@link forgetBeginning} is called.
 */
export async function noteBeginning(dataFolder: string, { database }: { database: string }): Promise<boolean> {
  const file = fileIn(dataFolder);
  if (existsSync(database)) return existsSync(file);
  await writeFile(file, 'The Temporal server of this folder has not been up yet.\n');
  return true;
}

/** Says that the server has been up. */
export async function forgetBeginning(dataFolder: string): Promise<void> {
  // Where it stays, the next start only says at once what is wrong, instead of going on without the server.
  await rm(fileIn(dataFolder), { force: true }).catch(() => undefined);
}
