import { z } from 'zod';
import type { RecordStore } from '../../store/store.js';
import { putRecord } from './put-record.js';

/** Kept with the synced records, in a collection that automations can't write to. */
const HEADS = 'hookyard.heads';

const snapshotSchema = z.object({
  at: z.number(),
  heads: z.record(z.string(), z.string()),
  /** Whether these were all branches and open pull requests. */
  complete: z.boolean(),
  /** Whether these were all tags, and all releases. Versions that read none of them wrote neither. */
  tags: z.boolean().optional(),
  releases: z.boolean().optional(),
});

/** The heads of a repository in the last pass. */
export interface Snapshot {
  /** When they were read: Unix ms, by the clock of that worker. */
  readonly at: number;
  /** Commits by `branch:…`, `pull:…`, `tag:…` and `release:…`. */
  readonly heads: ReadonlyMap<string, string>;
  /** Whether these were all branches and open pull requests. */
  readonly complete: boolean;
  /** Whether these were all tags. */
  readonly tags?: boolean | undefined;
  /** Whether these were all releases. */
  readonly releases?: boolean | undefined;
}

interface RepositoryRef {
  readonly source: string;
  readonly repository: string;
}

/** Returns a repository's last snapshot; undefined when there is none. */
export async function readSnapshot(
  records: RecordStore,
  { source, repository }: RepositoryRef,
): Promise<Snapshot | undefined> {
  const record = await records.get(HEADS, `${source}#${repository}`);
  const read = snapshotSchema.safeParse(record?.data).data;
  return read && { ...read, heads: new Map(Object.entries(read.heads)) };
}

/** Stores a snapshot. If an older one replaces it, no harm is done: that is compared with all that came since. */
export async function writeSnapshot(
  records: RecordStore,
  { source, repository, at, heads, complete, tags, releases }: RepositoryRef & Snapshot,
) {
  const data = { at, heads: Object.fromEntries(heads), complete, tags, releases };
  await putRecord(records, { collection: HEADS, key: `${source}#${repository}`, data });
}
