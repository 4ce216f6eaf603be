import { readFile } from 'node:fs/promises';

/** Returns what a file of JSON holds; undefined where there is none, or it can't be read. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
