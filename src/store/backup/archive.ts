import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import Database from 'libsql';
import { z } from 'zod';
import { APPLICATION, LOCK_MS, type OnBytes, sha256 } from './archive-format.js';
import { BackupError } from './backup-error.js';
import { type ArchivedFile, FORMAT, type Manifest, manifestSchema } from './manifest.js';

/** More than a piece ever has: a damaged or made-up one must not fill the memory. */
const MAX_PIECE_BYTES = 32 * 1024 * 1024;

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
