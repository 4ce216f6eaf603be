import type { Config } from '../../../config/config.js';
import type { Logger } from '../../../log.js';
import type { BlobStorage } from '../../../storage/blob-storage.js';
import type { OpenJob } from '../open-job.js';
import type { ArtifactBook } from './artifact-book.js';

/** What artifacts work with. */
export interface ArtifactDeps {
  readonly config: Pick<Config, 'artifacts'>;
  readonly storage: BlobStorage;
  readonly book: ArtifactBook;
  readonly log: Logger;
}

/** Whose artifacts they are. */
export interface ArtifactsOf {
  readonly job: OpenJob;
  /** Workflow id. */
  readonly run: string;
}

/** Returns the repository that a job's event is of. */
export function homeOf({ input: { checkout } }: OpenJob): { readonly source: string; readonly repository: string } {
  const { source, repository, home = repository } = checkout;
  return { source, repository: home };
}
