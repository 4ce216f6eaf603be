import { join } from 'node:path';
import type { Blob, BlobStorage } from '../../../storage/blob-storage.js';
import type { OpenJob } from '../open-job.js';
import { pack } from './archive.js';

/** What is packed of a job's workspace. */
export interface Packing {
  readonly job: Pick<OpenJob, 'workspace' | 'runner' | 'gracePeriods'>;
  /** See {@link ListedPaths.entries}. */
  readonly entries: readonly string[];
  readonly signal: AbortSignal;
  /** Is called with the archive before it is kept. What it throws keeps that from being done. */
  readonly inspect?: (archive: string) => Promise<void>;
}

/** Packs files of a job's workspace, where its steps run, and keeps the archive. Throws where it can't be written. */
export async function packInto(storage: BlobStorage, { job, entries, signal, inspect }: Packing): Promise<Blob> {
  const { workspace, runner, gracePeriods } = job;
  // No other job's steps can see it, whatever is shared with these.
  const scratch = await storage.scratch();
  try {
    const archive = join(scratch.folder, 'files.tar.gz');
    await pack(archive, entries, { cwd: workspace.folder, signal, gracePeriods, runner });
    await inspect?.(archive);
    return await storage.put(archive, signal);
  } finally {
    await scratch.remove();
  }
}
