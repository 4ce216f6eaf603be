import { ARTIFACTS, type Artifact, artifactSchema, artifactsOf } from '../../../runs/artifact-records.js';
import type { RecordStore, StoredRecord } from '../../../store/store.js';

/** The artifacts that all workers know of. */
export interface ArtifactBook {
  /** Returns the artifact of a run that has this name, unless it has expired. */
  find(run: string, name: string): Promise<Artifact | undefined>;
  /** Returns those of a run that have not expired. */
  of(run: string): Promise<readonly Artifact[]>;
  /** Notes an artifact, in the place of the one before. */
  note(artifact: Artifact): Promise<void>;
  /** Forgets an artifact, unless another one has taken its place. */
  forget(artifact: Artifact): Promise<void>;
  /** Returns all, also those that have expired, a page at a time. */
  all(): AsyncGenerator<Artifact>;
}

const PAGE = 500;

/** Returns the book that the store keeps. */
export function createArtifactBook(records: Pick<RecordStore, 'get' | 'list' | 'upsert' | 'remove'>): ArtifactBook {
  return {
    async find(run, name) {
      const found = read(await records.get(ARTIFACTS, keyOf({ run, name })));
      return found && found.expiresAt > Date.now() ? found : undefined;
    },
    async of(run) {
      const start = artifactsOf(run);
      const rows = await records.list(ARTIFACTS, { limit: PAGE, after: start });
      const own = rows.filter(({ key }) => key.startsWith(start));
      return own.flatMap((row) => read(row) ?? []).filter(({ expiresAt }) => expiresAt > Date.now());
    },
    async note(artifact) {
      const { run, savedAt } = artifact;
      await records.upsert({ collection: ARTIFACTS, key: keyOf(artifact), version: savedAt, data: artifact, run });
    },
    async forget(artifact) {
      await records.remove({ collection: ARTIFACTS, key: keyOf(artifact), version: artifact.savedAt });
    },
    async *all() {
      for (let after: string | undefined; ; ) {
        const rows = await records.list(ARTIFACTS, { limit: PAGE, after });
        yield* rows.flatMap((row) => read(row) ?? []);
        after = rows.at(-1)?.key;
        if (rows.length < PAGE) return;
      }
    },
  };
}

function read(row: StoredRecord | undefined): Artifact | undefined {
  return artifactSchema.safeParse(row?.data).data;
}

function keyOf({ run, name }: Pick<Artifact, 'run' | 'name'>): string {
  return `${artifactsOf(run)}${name}`;
}
