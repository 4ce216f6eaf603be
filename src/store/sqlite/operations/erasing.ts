import type { Connection } from '../connection.js';

/** Has what is deleted meanwhile overwritten in the file, where it would else lie on in pages that are free. */
export function erasing<T>(connection: Connection, work: () => T): T {
  connection.exec('PRAGMA secure_delete = ON');
  try {
    return work();
  } finally {
    connection.exec('PRAGMA secure_delete = OFF');
  }
}
