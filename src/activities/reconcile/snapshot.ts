import { z } from 'zod';
import type { RecordStore } from '../../store/store.js';
import { overwrite } from './put-record.js';

/** Where everything stood is kept with the synced records, under a name that automations can't write to. */
const HEADS = 'hookyard.heads';

const snapshotSchema = z.object({
  at: z.number(),
  heads: z.record(z.string(), z.string()),
  /** Whether these were all. */
  complete: z.boolean(),
});

/** How a repository stood when it was looked at last. */
export interface Snapshot {
  /** Unix ms, by the clock of whoever looked. */
  readonly at: number;
  /** Commits by `branch:…` and `pull:…`. */
  readonly heads: ReadonlyMap<string, string>;
  readonly complete: boolean;
}

interface Of {
  readonly source: string;
  readonly repository: string;
}

/** Undefined for a repository that was never looked at. */
export async function readSnapshot(records: RecordStore, { source, repository }: Of): Promise<Snapshot | undefined> {
  const record = await records.get(HEADS, `${source}#${repository}`);
  const read = snapshotSchema.safeParse(record?.data).data;
  return read && { ...read, heads: new Map(Object.entries(read.heads)) };
}

/** An older one in its place would do no harm: it is compared with what came since then. */
export async function writeSnapshot(records: RecordStore, { source, repository, at, heads, complete }: Of & Snapshot) {
  const data = { at, heads: Object.fromEntries(heads), complete };
  await overwrite(records, { collection: HEADS, key: `${source}#${repository}`, data });
}
