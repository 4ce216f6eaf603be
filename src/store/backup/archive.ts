import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import Database from 'libsql';
import { z } from 'zod';
import { BackupError } from './backup-error.js';
import { type ArchivedFile, FORMAT, type Manifest, manifestSchema } from './manifest.js';

/*
 * A backup is one SQLite file that holds other files in compressed pieces, and a manifest with their checksums. SQLite is
 * there already, adds to a file in bounded memory, and any of its tools shows what is in one.
 */

/** `PRAGMA application_id`: what tells a backup from other SQLite files. Spells "hkyd". */
const APPLICATION = 0x686b7964;
const SCHEMA = `
  CREATE TABLE manifest (json TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT;
  CREATE TABLE pieces (file TEXT NOT NULL, number INTEGER NOT NULL, gzip BLOB NOT NULL, PRIMARY KEY (file, number)) STRICT;
`;
/** The least effort: JSON shrinks to a fifth all the same. */
const COMPRESSION = { level: 1 };
/** More than a piece ever has: a damaged or made-up one must not fill the memory. */
const MAX_PIECE_BYTES = 32 * 1024 * 1024;
const LOCK_MS = 5_000;

/** Called with each piece's size, in bytes before it was compressed. */
export type OnBytes = (bytes: number) => void;

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

/** A backup that is there. */
export interface Archive {
  readonly manifest: Manifest;
  /** Writes one of its files to a path where there is none, synced. Throws {@link BackupError} if it is not what was put in. */
  extract(file: ArchivedFile, to: string, how: { onBytes: OnBytes; signal: AbortSignal }): Promise<void>;
  close(): void;
}

/** Opens a backup. Throws {@link BackupError} if it is none, is damaged, or was made by a newer Hookyard. */
export function openArchive(path: string): Archive {
  if (!existsSync(path)) throw new BackupError(`There is no ${path}`);
  if (!isBackup(path)) throw new BackupError(`${path} is no backup: hookyard backup makes one`);
  const damaged = (why: string) =>
    new BackupError(`The backup ${path} is damaged (${why}): nothing was restored. Take an older one`);
  const db = new Database(path, { timeout: LOCK_MS });
  const rows = <Row>(sql: string, ...values: (string | number)[]): Row[] => {
    try {
      return db.prepare<unknown[]>(sql).all(values) as Row[];
    } catch (error) {
      throw damaged((error as Error).message);
    }
  };
  try {
    const [found] = rows<{ json: ArrayBuffer; sha256: ArrayBuffer }>(
      `SELECT ${asBytes('json')}, ${asBytes('sha256')} FROM manifest`,
    );
    if (!found) throw damaged('its manifest is missing, so it was never finished');
    const json = Buffer.from(found.json);
    if (sha256(json) !== Buffer.from(found.sha256).toString()) throw damaged('its manifest is not what was written');
    return {
      manifest: read(json.toString(), {
        path,
        error: () => damaged('its manifest is not one that hookyard backup makes'),
      }),
      async extract({ name, bytes, sha256: expected }, to, { onBytes, signal }) {
        const hash = createHash('sha256');
        const handle = openSync(to, 'wx', 0o600);
        let written = 0;
        try {
          for (let number = 0; written < bytes; number += 1) {
            await turn();
            signal.throwIfAborted();
            const [row] = rows<{ gzip: ArrayBuffer }>(
              `SELECT ${asBytes('gzip')} FROM pieces WHERE file = ? AND number = ?`,
              ...[name, number],
            );
            if (!row) throw damaged(`a piece of ${name} is missing`);
            const piece = unpacked(row.gzip, () => damaged(`a piece of ${name} can't be unpacked`));
            hash.update(piece);
            for (let at = 0; at < piece.byteLength; ) at += writeSync(handle, piece, at);
            written += piece.byteLength;
            onBytes(piece.byteLength);
          }
          fsyncSync(handle);
        } finally {
          closeSync(handle);
        }
        if (written !== bytes || hash.digest('hex') !== expected) throw damaged(`${name} is not what was put in`);
      },
      close: () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Damage makes a value one of any type, and libsql ends the whole process over text that is no UTF-8. */
function asBytes(column: string): string {
  return `coalesce(CAST(${column} AS BLOB), x'') AS ${column}`;
}

const beginning = z.object({ format: z.number(), version: z.string() });

function read(json: string, { path, error }: { path: string; error: () => Error }): Manifest {
  const made = beginning.safeParse(parsed(json)).data;
  if (made && made.format > FORMAT) {
    throw new BackupError(
      `The backup ${path} was made by a newer Hookyard (${made.version}): restore it with that version`,
    );
  }
  const { data } = manifestSchema.safeParse(parsed(json));
  if (!data) throw error();
  return data;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function unpacked(gzip: ArrayBuffer, error: () => Error): Buffer {
  try {
    return gunzipSync(new Uint8Array(gzip), { maxOutputLength: MAX_PIECE_BYTES });
  } catch {
    throw error();
  }
}

/** SQLite's header: its magic text, and the application id at byte 68. https://sqlite.org/fileformat2.html */
function isBackup(path: string): boolean {
  const header = Buffer.alloc(72);
  const handle = openSync(path, 'r');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  return header.toString('latin1', 0, 15) === 'SQLite format 3' && header.readUInt32BE(68) === APPLICATION;
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}
