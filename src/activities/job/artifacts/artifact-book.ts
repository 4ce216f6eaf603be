import { z } from 'zod';
import { ARTIFACTS, type Artifact, artifactSchema, artifactsOf } from '../../../runs/artifact-records.js';
import { versionAfter } from '../../../store/record-version.js';
import type { RecordStore, StoredRecord } from '../../../store/store.js';

/** Collection of the room that artifacts have which are about to be kept, a row for each. */
const CLAIMS = 'hookyard.artifact-claims';

const claimSchema = artifactSchema
  .pick({ run: true, name: true, source: true, repository: true, place: true, bytes: true })
  .extend({
    /** Tells it from others of its name. */
    id: z.string(),
    /** Unix ms: it counts no longer. */
    until: z.number(),
  });

/** Room for an artifact that is about to be kept. */
export type ArtifactClaim = z.output<typeof claimSchema>;

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
  /** Notes room for one that is about to be kept, in the place of what was noted under its id. */
  claim(claim: ArtifactClaim): Promise<void>;
  unclaim(claim: Pick<ArtifactClaim, 'id'>): Promise<void>;
  /** Returns all room that is noted, also what counts no longer. */
  claims(): Promise<readonly ArtifactClaim[]>;
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
      const key = keyOf(artifact);
      const version = versionAfter(await records.get(ARTIFACTS, key), savedAt);
      await records.upsert({ collection: ARTIFACTS, key, version, data: artifact, run });
    },
    async forget(artifact) {
      const stored = await records.get(ARTIFACTS, keyOf(artifact));
      const known = read(stored);
      if (stored && known?.savedAt === artifact.savedAt && known.hash === artifact.hash) await records.remove(stored);
    },
    async *all() {
      for await (const row of rowsOf(records, ARTIFACTS)) {
        const artifact = read(row);
        if (artifact) yield artifact;
      }
    },
    async claim(claim) {
      const { id: key, run } = claim;
      // One version for all: whoever has made it is the only one who changes it.
      await records.remove({ collection: CLAIMS, key, version: 1 });
      await records.upsert({ collection: CLAIMS, key, version: 1, data: claim, run });
    },
    async unclaim({ id: key }) {
      await records.remove({ collection: CLAIMS, key, version: 1 });
    },
    async claims() {
      const all: ArtifactClaim[] = [];
      for await (const { data } of rowsOf(records, CLAIMS)) {
        const claim = claimSchema.safeParse(data).data;
        if (claim) all.push(claim);
      }
      return all;
    },
  };
}

async function* rowsOf(records: Pick<RecordStore, 'list'>, collection: string): AsyncGenerator<StoredRecord> {
  for (let after: string | undefined; ; ) {
    const rows = await records.list(collection, { limit: PAGE, after });
    yield* rows;
    after = rows.at(-1)?.key;
    if (rows.length < PAGE) return;
  }
}

function read(row: StoredRecord | undefined): Artifact | undefined {
  return artifactSchema.safeParse(row?.data).data;
}

function keyOf({ run, name }: Pick<Artifact, 'run' | 'name'>): string {
  return `${artifactsOf(run)}${name}`;
}
