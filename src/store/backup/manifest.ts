import { z } from 'zod';

/** Counts up with each change of a backup's form that the version before could not read. */
export const FORMAT = 1;

/** Name of the store's file, in a data folder and in a backup. */
export const STORE_FILE = 'hookyard.db';
/** Name of the database of the Temporal server that `hookyard start` brings along. */
export const RUNS_FILE = 'temporal.db';
/** Name of the folder of generated secrets. */
export const SECRETS_FOLDER = 'secrets';

/** The names that a backup may hold: nothing else is ever written into a data folder. */
const NAME = /^(hookyard\.db|temporal\.db|secrets\/[\w-][\w.-]{0,199})$/;

/** Returns whether a backup may hold a file of this name. */
export function mayBeArchived(name: string): boolean {
  return NAME.test(name);
}

const archivedFile = z.object({
  name: z.string().refine(mayBeArchived),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A file in a backup. */
export type ArchivedFile = z.output<typeof archivedFile>;

/** The tables whose rows a backup counts. */
export const COUNTED = ['deliveries', 'dispatches', 'log_lines', 'records', 'outbound_attempts'] as const;

const count = z.number().int().nonnegative();

/** What a backup says of itself. */
export const manifestSchema = z.object({
  format: z.number().int(),
  /** Of the Hookyard that made it. */
  version: z.string(),
  /** The moment that it shows, in ISO 8601. */
  createdAt: z.iso.datetime(),
  /** Schema of the store: how many migrations it has been through. */
  schema: count,
  counts: z.record(z.enum(COUNTED), count),
  /**
   * Dispatches, by their running numbers, that the store has as done, and the copy of Temporal's database may lack: they
   * were handed over between the two moments. Where that copy is restored, they are handed over again.
   */
  handedOver: z.array(count),
  /** Dispatches, by their running numbers, that still wait in the store, though the copy of Temporal's database has their runs. */
  begun: z.array(count),
  /**
   * The address by which others reach the server, where the data folder tells it: whoever a proxy passes on there must be no
   * operator of a restored one's page either. Versions before leave it out.
   */
  reachedAs: z.string().max(1_000).exactOptional(),
  files: z.array(archivedFile).readonly(),
});

/** What a backup says of itself; see {@link manifestSchema}. */
export type Manifest = z.output<typeof manifestSchema>;

/** Returns whether a backup has the runs of a Temporal server of its own. */
export function hasRuns({ files }: Pick<Manifest, 'files'>): boolean {
  return files.some(({ name }) => name === RUNS_FILE);
}

/** Returns the secrets that are in a backup. */
export function secretsIn({ files }: Pick<Manifest, 'files'>): readonly ArchivedFile[] {
  return files.filter(({ name }) => name.startsWith(`${SECRETS_FOLDER}/`));
}
