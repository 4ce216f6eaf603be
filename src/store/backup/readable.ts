import { copyFileSync, existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BackupError } from './backup-error.js';
import { openSnapshot } from './snapshot.js';

/**
 * Returns a path at which a SQLite file can be read: its own, else that of a copy in the folder `scratch`. To read a file with
 * a write-ahead log, SQLite writes beside it, which a full disk or one that is read-only refuses. Nobody writes to the file
 * then; should somebody all the same, throws {@link BackupError}.
 */
export function readable(path: string, scratch: string): string {
  try {
    openSnapshot(path).close();
    return path;
  } catch (error) {
    if (error instanceof BackupError) throw error;
    if (!isRefusal(error)) throw new BackupError(`${path} can't be read: ${(error as Error).message}`);
  }
  const copy = join(scratch, basename(path));
  if (!existsSync(copy)) {
    const before = stateOf(path);
    for (const end of ['', '-wal']) if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${copy}${end}`);
    if (stateOf(path) !== before)
      throw new BackupError(`${path} can't be read, and somebody writes to it: stop Hookyard, and try again`);
  }
  return copy;
}

/** SQLite's primary result codes for what the file system refuses: READONLY, IOERR, FULL, CANTOPEN. https://sqlite.org/rescode.html */
const REFUSALS = [8, 10, 13, 14];

/** Returns whether an error is SQLite's about what the file system refuses, such as room on a full disk. */
export function isRefusal(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'rawCode' in error &&
    typeof error.rawCode === 'number' &&
    REFUSALS.includes(error.rawCode & 0xff)
  );
}

/** Sizes and times of the file and its log. */
function stateOf(path: string): string {
  const states = ['', '-wal'].map((end) => statSync(`${path}${end}`, { throwIfNoEntry: false }));
  return states.map((state) => (state ? `${state.size} ${state.mtimeMs}` : '')).join();
}
