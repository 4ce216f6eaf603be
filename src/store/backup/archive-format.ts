import { createHash } from 'node:crypto';

/*
 * A backup is one SQLite file that holds other files in compressed pieces, and a manifest with their checksums. SQLite is
 * there already, adds to a file in bounded memory, and any of its tools shows what is in one.
 */

/** `PRAGMA application_id`: what tells a backup from other SQLite files. Spells "hkyd". */
export const APPLICATION = 0x686b7964;

/** How long reading or writing waits for whoever holds the file, in milliseconds. */
export const LOCK_MS = 5_000;

/** Is called with each piece's size, in bytes before it was compressed. */
export type OnBytes = (bytes: number) => void;

/** Returns the SHA-256 of a text or of bytes, hexadecimal. */
export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}
