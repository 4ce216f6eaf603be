import type { Connection } from '../connection.js';

/** Does some work, and has what it deletes overwritten in the file, also on pages of its own that are free then: at other times it is not. */
export function withSecureDelete<T>(connection: Connection, work: () => T): T {
  connection.exec('PRAGMA secure_delete = ON');
  try {
    return work();
  } finally {
    connection.exec('PRAGMA secure_delete = FAST');
  }
}
