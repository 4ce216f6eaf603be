import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { HostStep } from '../../contract/index.js';
import type { OpenJobInput } from '../open-job.js';
import { readJson } from './read-json.js';

/** What lets the workspace of a failed job be opened outside of a run. It names secrets, and holds none. */
export interface StoredJob {
  readonly input: OpenJobInput;
  /** All of them, also those that did not run. */
  readonly steps: readonly HostStep[];
  /** Of the activity that held it. */
  readonly attempt: number;
}

const schema = z.object({
  input: z.looseObject({ checkout: z.looseObject({ source: z.string(), repository: z.string(), sha: z.string() }) }),
  steps: z.array(z.looseObject({ name: z.string(), run: z.string() })),
  attempt: z.number(),
});

/** Writes it beside what is kept, readable by this user alone. */
export async function writeJob(place: string, job: StoredJob): Promise<void> {
  await writeFile(join(place, 'job.json'), JSON.stringify(job), { mode: 0o600 });
}

/** Returns what {@link writeJob} has written; undefined where nothing was, or what is there can't be read. */
export async function readJob(place: string): Promise<StoredJob | undefined> {
  const read = schema.safeParse(await readJson(join(place, 'job.json')));
  return read.success ? (read.data as unknown as StoredJob) : undefined;
}
