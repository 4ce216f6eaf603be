import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from './read-json.js';

const schema = z.array(z.string());

/** Writes what a job's steps have told to be hidden beside what is kept of it, readable by this user alone. */
export async function writeLearnt(place: string, values: readonly string[]): Promise<void> {
  if (values.length > 0) await writeFile(join(place, 'hidden.json'), JSON.stringify(values), { mode: 0o600 });
}

/** Returns what {@link writeLearnt} has written; none where nothing was. */
export async function readLearnt(place: string): Promise<readonly string[]> {
  return schema.safeParse(await readJson(join(place, 'hidden.json'))).data ?? [];
}
