import type { Connection } from './connection.js';
import { migrations } from './migrations.js';

/** A step of the schema's history that a file goes through. */
export interface MigrationStep {
  /** From 1. */
  readonly step: number;
  readonly of: number;
}

/**
 * Brings the file's schema up to date. Safe when two processes open a file at once: the second waits, looks again and
 * finds nothing to do. `onStep` is called before each step of a file that was there before: one that reads all of it takes long. Throws if the file is of a newer version of Hookyard than this one.
 */
export function migrate(connection: Connection, onStep: (step: MigrationStep) => void = () => undefined): void {
  if (versionOf(connection) === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(connection);
    if (version > migrations.length) {
      throw new Error(
        `The store was written by a newer version of Hookyard (schema ${version}; this one knows ${migrations.length}): run that version`,
      );
    }
    for (const [at, migration] of migrations.entries()) {
      if (at < version) continue;
      if (version > 0) onStep({ step: at + 1, of: migrations.length });
      connection.exec(migration);
    }
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
