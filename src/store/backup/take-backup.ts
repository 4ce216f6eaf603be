import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { migrations } from '../sqlite/migrations.js';
import type { OnBytes } from './archive-format.js';
import { BackupError } from './backup-error.js';
import { type Between, handedOverBetween, type Waiting, waitingIn } from './between.js';
import { scratchBeside } from './leftovers.js';
import {
  type ArchivedFile,
  COUNTED,
  FORMAT,
  type Manifest,
  mayBeArchived,
  RUNS_FILE,
  SECRETS_FOLDER,
  STORE_FILE,
} from './manifest.js';
import { createArchive } from './new-archive.js';
import { isRefusal, readable } from './readable.js';
import { openSnapshot, requireSound, type Snapshot } from './snapshot.js';
import { syncFolder } from './sync-folder.js';

/** What is to be backed up, and where to. */
export interface BackupRequest {
  /** The data folder. */
  readonly data: string;
  readonly file: string;
  /** Whether a file that is there is replaced. */
  readonly overwrite: boolean;
  /** Whether the data folder's Temporal database belongs to it: not where Temporal is elsewhere. */
  readonly runs: boolean;
  readonly secrets: boolean;
  /** The address by which others reach the server; undefined where the data folder tells none. */
  readonly reachedAs?: string | undefined;
  /** Of this Hookyard. */
  readonly version: string;
  readonly onProgress: (progress: { done: number; total: number }) => void;
  readonly signal: AbortSignal;
}

/**
 * Makes a backup of a data folder, also while Hookyard runs on it, and returns what is in it. The file is there once all of
 * it is on the disk, and not before. Throws {@link BackupError}, or the signal's reason.
 *
 * Temporal's database is copied as it was first, and the store as it was right after: so the store knows every run that
 * Temporal has, and everything that those have written. What Temporal was given in between is noted, see `between.ts`.
 */
export async function takeBackup(request: BackupRequest): Promise<Manifest> {
  const { file, overwrite } = request;
  requireFree(file, overwrite);
  const { folder: scratch, remove } = scratchBeside(file);
  try {
    const source = openSource(request, scratch);
    try {
      request.onProgress({ done: 0, total: sizeOf(source) });
      for (const { path, snapshot } of source.databases) requireSound(snapshot, path);
      const partial = join(scratch, 'backup');
      const manifest = await write(request, source, partial);
      requireFree(file, overwrite);
      renameSync(partial, file);
      syncFolder(dirname(file));
      return manifest;
    } finally {
      for (const { snapshot } of source.databases) snapshot.close();
    }
  } finally {
    remove();
  }
}

function requireFree(file: string, overwrite: boolean): void {
  const folder = dirname(file);
  if (!existsSync(folder)) throw new BackupError(`There is no folder ${folder}: make it first`);
  if (!existsSync(file)) return;
  if (statSync(file).isDirectory()) throw new BackupError(`${file} is a folder: name a file in it`);
  if (!overwrite) throw new BackupError(`${file} is there already: name another file, or replace it with --force`);
}

interface Source {
  readonly at: Date;
  readonly store: Snapshot;
  readonly between: Between;
  readonly databases: readonly { readonly name: string; readonly path: string; readonly snapshot: Snapshot }[];
}

function openSource({ data, file, runs: wanted }: BackupRequest, scratch: string): Source {
  const path = join(data, STORE_FILE);
  if (!existsSync(path)) throw new BackupError(`There is nothing to back up: ${data} has no ${STORE_FILE}`);
  const runsPath = join(data, RUNS_FILE);
  const databases: { name: string; path: string; snapshot: Snapshot }[] = [];
  const open = (name: string, at: string) => {
    const snapshot = openSnapshot(readable(at, scratch));
    databases.push({ name, path: at, snapshot });
    return snapshot;
  };
  try {
    const before = waiting(path, scratch);
    const runs = wanted && existsSync(runsPath) ? open(RUNS_FILE, runsPath) : undefined;
    const store = open(STORE_FILE, path);
    const between = runs ? handedOverBetween({ before, runs, store }) : { handedOver: [], begun: [] };
    return { at: new Date(), store, databases, between };
  } catch (error) {
    for (const { snapshot } of databases) snapshot.close();
    throw lacksRoom(error)
      ? new BackupError(
          `The backup can't be written to ${file} (${error.message}), and nothing was left there: what SQLite can't read in ` +
            `${data} is copied first. Make room for that too, or name a file on another disk`,
        )
      : error;
  }
}

/** What is read where it lies needs no room: it is the copy that does, and SQLite beside it. */
function lacksRoom(error: unknown): error is Error {
  if (isRefusal(error)) return true;
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code));
}

function waiting(path: string, scratch: string): Waiting {
  const store = openSnapshot(readable(path, scratch));
  try {
    requireKnownSchema(store, path);
    return waitingIn(store);
  } finally {
    store.close();
  }
}

function requireKnownSchema(store: Snapshot, path: string): void {
  const schema = schemaOf(store);
  if (schema === 0) throw new BackupError(`There is nothing to back up: ${path} has no tables`);
  if (schema > migrations.length) {
    throw new BackupError(
      `${path} was written by a newer Hookyard (schema ${schema}; this one knows ${migrations.length}): back it up with that version`,
    );
  }
}

function schemaOf(store: Snapshot): number {
  return store.rows<{ user_version: number }>('PRAGMA user_version')[0]?.user_version ?? 0;
}

function sizeOf({ databases }: Source): number {
  return databases.reduce((sum, { snapshot }) => sum + snapshot.bytes, 0);
}

async function write(request: BackupRequest, source: Source, partial: string): Promise<Manifest> {
  const { at, store, between, databases } = source;
  const secrets = request.secrets ? readSecrets(join(request.data, SECRETS_FOLDER)) : [];
  const total = sizeOf(source);
  let done = 0;
  const onBytes: OnBytes = (bytes) => {
    done += bytes;
    request.onProgress({ done: Math.min(done, total), total });
  };
  const how = { onBytes, signal: request.signal };
  const manifest = {
    format: FORMAT,
    version: request.version,
    createdAt: at.toISOString(),
    schema: schemaOf(store),
    counts: countsOf(store),
    ...between,
    ...(request.reachedAs !== undefined && { reachedAs: request.reachedAs }),
  };
  const archive = createArchive(partial, { name: request.file });
  try {
    const files: ArchivedFile[] = [];
    for (const { name, snapshot } of databases) files.push(await archive.add(name, snapshot.chunks(), how));
    for (const { name, content } of secrets) files.push(await archive.add(name, [content], how));
    const finished = { ...manifest, files };
    archive.finish(finished);
    return finished;
  } finally {
    archive.close();
  }
}

function countsOf(store: Snapshot): Manifest['counts'] {
  const count = (table: string) => store.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)[0]?.n ?? 0;
  return Object.fromEntries(COUNTED.map((table) => [table, count(table)])) as Manifest['counts'];
}

/**
 * Other programs leave files there too, `.DS_Store` for example: a backup with one could not be restored. What mounts secrets, as
 * Kubernetes does, gives links to them: they count as what they lead to.
 */
function readSecrets(folder: string): { name: string; content: Buffer }[] {
  if (!existsSync(folder)) return [];
  const isFile = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() ?? false;
  return readdirSync(folder)
    .filter((name) => mayBeArchived(`${SECRETS_FOLDER}/${name}`) && isFile(name))
    .map((name) => ({ name: `${SECRETS_FOLDER}/${name}`, content: readFileSync(join(folder, name)) }));
}
