import { existsSync } from 'node:fs';
import Database from 'libsql';

/** For a process that is just ending. */
const PATIENCE_MS = 5_000;

/**
 * Returns whether another process has a SQLite file open, whatever it does with it: whoever has one with a write-ahead log
 * keeps a lock of the operating system on it, which ends with the process. False where there is no file, or none that can be
 * opened: whoever opens it next says why.
 */
export function isOpenElsewhere(path: string): boolean {
  if (!existsSync(path)) return false;
  let file: Database.Database | undefined;
  try {
    file = new Database(path, { timeout: PATIENCE_MS });
    // No statement is prepared: until it is collected as garbage, it would keep the lock.
    file.exec('PRAGMA locking_mode = EXCLUSIVE; SELECT count(*) FROM sqlite_schema');
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
  } finally {
    file?.close();
  }
}
