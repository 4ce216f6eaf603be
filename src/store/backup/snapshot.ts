import { existsSync } from 'node:fs';
import Database from 'libsql';
import { isDamage } from '../sqlite/protocol.js';
import { LOCK_MS } from './archive-format.js';
import { BackupError } from './backup-error.js';

/** A SQLite file as it was at one moment, while others go on writing to it. */
export interface Snapshot {
  /** Size of the file. */
  readonly bytes: number;
  rows<Row>(sql: string, ...values: (string | number)[]): Row[];
  /** Reads the file's pages in order, about a megabyte at a time: together they are a file of their own. */
  chunks(): Generator<Buffer>;
  close(): void;
}

const CHUNK_BYTES = 1024 * 1024;
/** Problems that are told: one is enough to stop. */
const MAX_PROBLEMS = 3;

/**
 * Opens a SQLite file and holds on to what it is now, by a read transaction: writers of a write-ahead log go on meanwhile,
 * and the log grows until it is closed. Throws {@link BackupError} for a file that is not there.
 */
export function openSnapshot(path: string): Snapshot {
  // SQLite would make one.
  if (!existsSync(path)) throw new BackupError(`There is no ${path}`);
  const db = new Database(path, { timeout: LOCK_MS });
  const rows = <Row>(sql: string, ...values: (string | number)[]): Row[] => {
    try {
      return db.prepare<unknown[]>(sql).all(values) as Row[];
    } catch (error) {
      throw isDamage(error as Error) ? damaged(path, (error as Error).message) : error;
    }
  };
  try {
    db.exec('BEGIN');
    // Only the first read decides which moment it is.
    const [size] = rows<{ pages: number; bytes: number }>(
      `SELECT page_count AS pages, page_size AS bytes FROM pragma_page_count(), pragma_page_size(),
              (SELECT count(*) FROM sqlite_schema)`,
    );
    const { pages, bytes } = size ?? { pages: 0, bytes: 4096 };
    const page = db.prepare<unknown[]>('SELECT data FROM sqlite_dbpage WHERE pgno = ?');
    return {
      bytes: pages * bytes,
      rows,
      *chunks() {
        const together = Math.max(1, Math.floor(CHUNK_BYTES / bytes));
        for (let first = 1; first <= pages; first += together) {
          const numbers = Array.from({ length: Math.min(together, pages - first + 1) }, (_, index) => first + index);
          yield Buffer.concat(
            numbers.map((number) => new Uint8Array((page.all([number]) as [{ data: ArrayBuffer }])[0].data)),
          );
        }
      },
      close() {
        // A statement that is not yet collected as garbage keeps the connection, and would keep what it holds on to.
        db.exec('ROLLBACK');
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Throws {@link BackupError} if the file's pages make no sense. Reads all of them. */
export function requireSound(snapshot: Pick<Snapshot, 'rows'>, path: string): void {
  const found = snapshot.rows<{ quick_check: string }>(`PRAGMA quick_check(${MAX_PROBLEMS})`);
  const problems = found.map(({ quick_check }) => quick_check).filter((said) => said !== 'ok');
  if (problems.length > 0) throw damaged(path, problems.join('; '));
}

function damaged(path: string, why: string): BackupError {
  return new BackupError(
    `${path} is damaged: ${why}. Take the newest backup that restores, or repair the file with sqlite3's .recover`,
  );
}
