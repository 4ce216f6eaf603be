import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Connection, connect } from '../sqlite/connection.js';
import { migrate } from '../sqlite/migrate.js';
import { migrations } from '../sqlite/migrations.js';
import { settle as settleStarts } from '../sqlite/operations/dispatches.js';
import { type Archive, openArchive } from './archive.js';
import { LOCK_MS, type OnBytes } from './archive-format.js';
import { BackupError } from './backup-error.js';
import { removeStaged, stageIn } from './leftovers.js';
import { type ArchivedFile, COUNTED, type Manifest, RUNS_FILE, STORE_FILE, secretsIn } from './manifest.js';
import { isRefusal } from './readable.js';
import { openSnapshot, requireSound } from './snapshot.js';
import { syncFolder } from './sync-folder.js';

/** What is to be restored, and where to. The caller owns the data folder. */
export interface RestoreRequest {
  readonly file: string;
  /** The data folder, which is there. */
  readonly data: string;
  /** Whether Temporal's runs are restored, if the backup has them. */
  readonly runs: boolean;
  /** Whether what is there already is moved aside. */
  readonly replace: boolean;
  readonly onProgress: (progress: { done: number; total: number }) => void;
  readonly signal: AbortSignal;
}

/** What was restored. */
export interface Restored {
  readonly manifest: Manifest;
  readonly files: readonly ArchivedFile[];
  /** The folder that holds what was there before. */
  readonly movedTo: string | undefined;
  /** The secrets that were other ones before: files below the data folder. */
  readonly otherSecrets: readonly string[];
}

/**
 * Puts a backup's files into a data folder, once all of them are there, are what was put in, and hold what the manifest says.
 * A store of an older schema is brought up to date. Throws {@link BackupError}, or the signal's reason; then nothing in the
 * folder has changed, unless the error says so.
 */
export async function restoreBackup(request: RestoreRequest): Promise<Restored> {
  const { file, data, replace } = request;
  const archive = openArchive(file);
  try {
    const { manifest } = archive;
    requireKnownSchema(manifest, file);
    const wanted = manifest.files.filter(({ name }) => request.runs || name !== RUNS_FILE);
    const inTheWay = existing(data, wanted);
    if (inTheWay.length > 0 && !replace) {
      throw new BackupError(
        `${data} holds data already (${inTheWay.join(', ')}): set HOOKYARD_DATA to an empty folder, or move what is there ` +
          'aside with --force',
      );
    }
    removeStaged(data);
    const staged = stageIn(data);
    try {
      await unpack(request, { archive, wanted, staged });
      const secrets = secretsIn({ files: wanted }).map(({ name }) => name);
      const otherSecrets = secrets.filter((name) => inTheWay.includes(name) && !name.endsWith(REPLACED));
      return { manifest, files: wanted, otherSecrets, movedTo: putInPlace(data, { staged, wanted, inTheWay }) };
    } finally {
      removeIfPossible(staged);
    }
  } finally {
    archive.close();
  }
}

function requireKnownSchema({ schema, version }: Manifest, file: string): void {
  if (schema <= migrations.length) return;
  throw new BackupError(
    `The backup ${file} was made by a newer Hookyard (${version}, schema ${schema}; this one knows ${migrations.length}): ` +
      'restore it with that version',
  );
}

/** What went wrong before says more than that this is refused as well; the next restore removes what is left of the first. */
function removeIfPossible(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // As said.
  }
}

/** What belongs to a SQLite file: a write-ahead log that is left beside another file would be taken for its own. */
const WITH_LOGS = ['', '-wal', '-shm', '-journal'];
/** What stands behind the name of a secret's file in the one with the values that it has replaced. */
const REPLACED = '.replaced';

/** The files that would be replaced, or that do not go with what is restored. Secrets that are the same stay. */
function existing(data: string, wanted: readonly ArchivedFile[]): string[] {
  const databases = [STORE_FILE, RUNS_FILE].flatMap((name) => WITH_LOGS.map((end) => `${name}${end}`));
  const others = wanted.filter(({ name }) => !databases.includes(name) && !isSame(join(data, name), name, wanted));
  const names = others.map(({ name }) => name);
  // What a later secret has replaced goes with it: else it would count on beside the older one.
  const replaced = names.map((name) => name + REPLACED).filter((name) => wanted.every((one) => one.name !== name));
  return [...databases, ...names, ...replaced].filter((name) => existsSync(join(data, name)));
}

function isSame(path: string, name: string, wanted: readonly ArchivedFile[]): boolean {
  if (!existsSync(path)) return false;
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
  return wanted.some((one) => one.name === name && one.sha256 === hash);
}

/** Unpacks the files, and makes the store ready. SQLite needs room beside them. */
async function unpack(
  request: RestoreRequest,
  unpacked: { archive: Archive; wanted: readonly ArchivedFile[]; staged: string },
): Promise<void> {
  const { archive, wanted, staged } = unpacked;
  const withRuns = wanted.some(({ name }) => name === RUNS_FILE);
  try {
    await extract(request, unpacked);
    prepareStore(join(staged, STORE_FILE), { file: request.file, manifest: archive.manifest, withRuns });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new BackupError(
      `Nothing was restored: SQLite was refused what it needs in ${request.data} (${error.message}): make room ` +
        'on its disk, or set HOOKYARD_DATA to a folder on another one',
    );
  }
}

async function extract(
  { onProgress, signal }: RestoreRequest,
  { archive, wanted, staged }: { archive: Archive; wanted: readonly ArchivedFile[]; staged: string },
): Promise<void> {
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const onBytes: OnBytes = (bytes) => {
    done += bytes;
    onProgress({ done, total });
  };
  for (const one of wanted) {
    const to = join(staged, one.name);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    await archive.extract(one, to, { onBytes, signal });
    if ([STORE_FILE, RUNS_FILE].includes(one.name)) requireSoundCopy(to, one.name);
  }
}

function requireSoundCopy(path: string, name: string): void {
  const snapshot = openSnapshot(path);
  try {
    requireSound(snapshot, `${name} in the backup`);
  } finally {
    snapshot.close();
  }
}

/**
 * Holds the store against the manifest, brings it up to date, and corrects what it says of dispatches that Temporal was given
 * between the two copies.
 */
function prepareStore(
  path: string,
  { file, manifest, withRuns }: { file: string; manifest: Manifest; withRuns: boolean },
): void {
  if (!existsSync(path)) throw new BackupError(`The backup ${file} is damaged: it has no ${STORE_FILE}`);
  const connection = connect({ path, lockMs: LOCK_MS });
  try {
    for (const table of COUNTED) {
      const [found] = connection.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
      if (found?.n !== manifest.counts[table]) {
        throw new BackupError(
          `The backup ${file} is damaged: it should have ${manifest.counts[table]} ${table}, and has ${found?.n}`,
        );
      }
    }
    migrate(connection);
    const settle = (seqs: readonly number[], from: string, to: string) =>
      connection.run(
        'UPDATE dispatches SET state = ?, run_id = NULL WHERE state = ? AND seq IN (SELECT value FROM json_each(?))',
        ...[to, from, JSON.stringify(seqs)],
      );
    if (withRuns) {
      noteBegun(connection, manifest.begun);
      settle(manifest.handedOver, 'done', 'pending');
    } else settle(manifest.begun, 'pending', 'done');
    // Leaves one file behind instead of three.
    connection.rows('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    connection.close();
  }
}

/** Notes that Temporal has runs, as whoever starts them does: one that was superseded before that was known is told to end. */
function noteBegun(connection: Connection, seqs: readonly number[]): void {
  const starts = connection.rows<{ id: string }>(
    `SELECT id FROM dispatches WHERE state = 'pending' AND seq IN (SELECT value FROM json_each(?))`,
    JSON.stringify(seqs),
  );
  settleStarts(
    connection,
    starts.map(({ id }) => ({ id, outcome: 'done' })),
  );
}

/**
 * Moves aside what is in the way, and returns the name of its folder, then puts what was restored there. Where the system refuses one
 * of the files, as with a mount in the folder, all are moved back; where that is refused as well, the error says what is left to do.
 */
function putInPlace(
  data: string,
  { staged, wanted, inTheWay }: { staged: string; wanted: readonly ArchivedFile[]; inTheWay: readonly string[] },
): string | undefined {
  // The store comes last: a folder without it counts as one in which nothing was restored.
  const inOrder = [...wanted].sort((a, b) => Number(a.name === STORE_FILE) - Number(b.name === STORE_FILE));
  const moved: { readonly from: string; readonly to: string }[] = [];
  const move = (from: string, to: string) => {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(from, to);
    moved.push({ from, to });
  };
  const isAside = inTheWay.length > 0;
  const aside = isAside ? mkdtempSync(join(data, `before-restore-${new Date().toISOString().slice(0, 10)}-`)) : staged;
  try {
    for (const name of inTheWay) move(join(data, name), join(aside, name));
    for (const { name } of inOrder) move(join(staged, name), join(data, name));
  } catch (error) {
    try {
      for (let last = moved.at(-1); last; last = moved.at(-1)) {
        renameSync(last.to, last.from);
        moved.pop();
      }
    } catch (again) {
      // No further: a store without its log would look whole.
      const left = moved
        .reverse()
        .map(({ from, to }) => (from.startsWith(staged) ? `remove ${to}` : `move ${to} to ${from}`));
      throw new BackupError(
        `The restore failed (${(error as Error).message}), and so did moving back (${(again as Error).message}): ` +
          `${data} is not as it was. Before you use it, ${left.join(', ')}`,
      );
    }
    // It is empty by now.
    removeIfPossible(aside);
    throw new BackupError(`Nothing was restored, and ${data} is as it was: ${(error as Error).message}`);
  }
  syncFolder(data);
  return isAside ? basename(aside) : undefined;
}
