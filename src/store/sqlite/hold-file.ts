import Database from 'libsql';

/** A file that this process holds for itself alone. */
export interface HeldFile {
  /** Lets others hold it. */
  release(): void;
}

/**
 * Holds a file by a lock of the operating system, which SQLite takes for it. The lock ends with the process, however that
 * ends, so none is ever stale: neither process ids that come again nor the namespaces of containers matter. The file is
 * made if it is not there, and stays empty. Returns undefined while another process holds it. Throws where the file can't
 * be opened or the file system knows no locks.
 */
export function holdFile(path: string): HeldFile | undefined {
  const file = new Database(path, { timeout: 0 });
  try {
    // Nothing is ever written: no journal is needed beside it.
    file.exec('PRAGMA journal_mode = MEMORY');
    file.exec('BEGIN EXCLUSIVE');
    return { release: () => void file.close() };
  } catch (error) {
    file.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
