import { execFile } from 'node:child_process';
import { built } from '../../paths.js';

/** What a check of a database's file came to. `because`: what it found, or why it could not look. */
export type FileCheck =
  | { readonly kind: 'sound' }
  | { readonly kind: 'damaged'; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string };

/** Exit code of the program that checks, for a file that is damaged. */
export const DAMAGED_CODE = 3;

/**
 * Reads all of a SQLite file in a process of its own, and resolves to whether its pages make sense (`PRAGMA quick_check`).
 * A large file takes minutes: the check ends after `ms` milliseconds or with the signal, and nobody waits for the file
 * meanwhile. Never rejects.
 */
export function checkFile(path: string, { ms, signal }: { ms: number; signal: AbortSignal }): Promise<FileCheck> {
  const options = { env: {}, timeout: ms, signal, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, [built('store/sqlite/check.js'), path], options, (error, said, complaint) => {
      if (!error) return resolve({ kind: 'sound' });
      if (error.code === DAMAGED_CODE) return resolve({ kind: 'damaged', because: said.trim() });
      if (signal.aborted) return resolve({ kind: 'unknown', because: 'it was stopped' });
      const because = error.killed ? `it took longer than ${ms / 60_000} minutes` : complaint.trim() || error.message;
      resolve({ kind: 'unknown', because });
    });
  });
}
