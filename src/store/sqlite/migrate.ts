import type { Connection } from './connection.js';
import { migrations } from './migrations.js';

/**
 * Brings the file's schema up to date. Safe when two processes open a file at once: the second waits, looks again and
 * finds nothing to do. Throws if the file is of a newer version of Hookyard than this one.
 */
export function migrate(connection: Connection): void {
  if (versionOf(connection) === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(connection);
    if (version > migrations.length) {
      throw new Error(
        `The store was written by a newer version of Hookyard (schema ${version}; this one knows ${migrations.length}): run that version`,
      );
    }
    for (const migration of migrations.slice(version)) connection.exec(migration);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(connection: Connection): number {
  return connection.rows<{ user_version: number }>('PRAGMA user_version')[0]?.user_version ?? 0;
}
