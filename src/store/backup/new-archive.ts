import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import Database from 'libsql';
import { APPLICATION, LOCK_MS, type OnBytes, sha256 } from './archive-format.js';
import { BackupError } from './backup-error.js';
import { type ArchivedFile, FORMAT, type Manifest } from './manifest.js';

const SCHEMA = `
  CREATE TABLE manifest (json TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT;
  CREATE TABLE pieces (file TEXT NOT NULL, number INTEGER NOT NULL, gzip BLOB NOT NULL, PRIMARY KEY (file, number)) STRICT;
`;
/** The least effort: JSON shrinks to a fifth all the same. */
const COMPRESSION = { level: 1 };

/** A backup that is being written. */
export interface NewArchive {
  /** Adds a file. Throws the signal's reason when it aborts. */
  add(
    name: string,
    content: Iterable<Uint8Array>,
    how: { onBytes: OnBytes; signal: AbortSignal },
  ): Promise<ArchivedFile>;
  /** Adds the manifest, and returns when all of it is on the disk. */
  finish(manifest: Manifest): void;
  close(): void;
}

/**
 * Begins a backup in a new file, open to its owner only. Its functions throw {@link BackupError} where it can't be written;
 * `name` is what a person knows the file by.
 */
export function createArchive(path: string, { name: shown }: { name: string }): NewArchive {
  const writing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const because = (error as Error).message;
      throw new BackupError(
        `The backup can't be written to ${shown} (${because}), and nothing was left there: make room, or name a file on another disk`,
      );
    }
  };
  writing(() => closeSync(openSync(path, 'wx', 0o600)));
  const db = new Database(path, { timeout: LOCK_MS });
  const insert = writing(() => {
    // It is synced once, at the end: a half-written backup is of no use.
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    db.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${FORMAT}; ${SCHEMA}`);
    return db.prepare<unknown[]>('INSERT INTO pieces (file, number, gzip) VALUES (?, ?, ?)');
  });
  return {
    async add(name, content, { onBytes, signal }) {
      const hash = createHash('sha256');
      let bytes = 0;
      let number = 0;
      for (const piece of content) {
        // Lets signals of the system through.
        await turn();
        signal.throwIfAborted();
        hash.update(piece);
        const packed = gzipSync(piece, COMPRESSION);
        writing(() => insert.run([name, number, packed]));
        number += 1;
        bytes += piece.byteLength;
        onBytes(piece.byteLength);
      }
      return { name, bytes, sha256: hash.digest('hex') };
    },
    finish(manifest) {
      const json = JSON.stringify(manifest);
      writing(() => {
        db.prepare<unknown[]>('INSERT INTO manifest (json, sha256) VALUES (?, ?)').run([json, sha256(json)]);
        db.close();
        syncFile(path);
      });
    },
    close: () => {
      if (db.open) db.close();
    },
  };
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
