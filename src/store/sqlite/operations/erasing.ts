import type { Connection } from '../connection.js';

/** Has what is deleted meanwhile overwritten in the file also where it lies on pages of its own, which are free then: at other times it is not. */
export function erasing<T>(connection: Connection, work: () => T): T {
  connection.exec('PRAGMA secure_delete = ON');
  try {
    return work();
  } finally {
    connection.exec('PRAGMA secure_delete = FAST');
  }
}
