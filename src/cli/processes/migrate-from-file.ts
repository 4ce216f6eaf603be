import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Secret } from '../../secrets/secret.js';
import { BackupError } from '../../store/backup/backup-error.js';
import { STORE_FILE } from '../../store/backup/manifest.js';
import { NotEmptyError, NotTheSameError } from '../../store/postgres/import/errors.js';
import { type ImportedTable, importFile } from '../../store/postgres/import/import-file.js';
import { migratePostgres } from '../../store/postgres/migrate.js';
import { jsonText } from '../format/control-characters.js';
import { countedRows } from '../format/counted.js';
import { field } from '../format/field.js';
import { print } from '../format/paint.js';
import { createProgress } from '../format/progress.js';
import { UserError } from '../user-error.js';
import { LOCK_FILE, ownData } from './data-folder-owner.js';
import { databaseError } from './database-error.js';
import { interruptible } from './interrupted.js';
import { refuseOpenStore } from './refuse-open-store.js';

/**
 * Copies a store from a file into the database of `url`, brings the database's schema up to date first, and prints what was
 * copied. `from`: the file, or its data folder. Throws {@link UserError}.
 */
export async function migrateFromFile(
  from: string,
  { url, json }: { url: Secret | undefined; json: boolean | undefined },
): Promise<void> {
  if (!url) throw new UserError('Where to? Set DATABASE_URL to the Postgres database that the store is copied into');
  const path = fileOf(from);
  // Only where a Hookyard has run: another folder is left as it is.
  const owned = existsSync(join(dirname(path), LOCK_FILE)) ? await ownData(dirname(path), 'migrate') : undefined;
  try {
    refuseOpenStore(path);
    const imported = await copy(path, url);
    if (json) print(jsonText({ store: 'postgres', file: path, imported }));
    else for (const line of linesOf(path, imported)) print(line);
  } finally {
    await owned?.release();
  }
}

function fileOf(from: string): string {
  const path = resolve(from);
  if (!existsSync(path)) throw new UserError(`There is no ${path}`);
  if (!statSync(path).isDirectory()) return path;
  const file = join(path, STORE_FILE);
  if (!existsSync(file)) throw new UserError(`There is no ${STORE_FILE} in ${path}: name a data folder, or the file`);
  return file;
}

async function copy(path: string, url: Secret): Promise<readonly ImportedTable[]> {
  const progress = createProgress();
  try {
    return await interruptible('the database is as it was', async (signal) => {
      await migratePostgres({ url });
      return importFile({
        path,
        url,
        onProgress: ({ doing, table, done, total }) =>
          progress.show(`${doing === 'copying' ? 'Copying' : 'Comparing'} ${table}: ${done} of ${total}`),
        signal,
      });
    });
  } catch (error) {
    throw toUserError(error);
  } finally {
    progress.end();
  }
}

function toUserError(error: unknown): Error {
  if (error instanceof UserError || error instanceof BackupError) return error;
  if (error instanceof NotEmptyError) {
    return new UserError(
      `Nothing was copied: ${error.message}. A store is copied into an empty database only: make a new one, and set DATABASE_URL to it`,
    );
  }
  if (error instanceof NotTheSameError)
    return new UserError(`Nothing was copied: ${error.message}. Try again with no other Hookyard on either`);
  return databaseError(error);
}

function linesOf(path: string, imported: readonly ImportedTable[]): string[] {
  const rows = imported.map(({ table, rows }) => countedRows(rows, table));
  return [
    field('Copied', `${path}, and compared with what the database holds now`),
    field('Holds', rows.join(', ')),
    field(
      'Next',
      'set DATABASE_URL for every server and worker before you start them. Runs stay in the Temporal they are in',
    ),
    field('The file', 'is as it was, and nothing writes to it any more: keep it until you trust the database'),
  ];
}
