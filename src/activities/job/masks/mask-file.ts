import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { meanings } from './escapes.js';

/** A file that a step writes values to which are to be hidden, a line each. */
export interface MaskFile {
  /** Returns the values in it where it may have changed since, else none. `all`: whether or not it has. */
  values(how?: { readonly all: boolean }): readonly string[];
  close(): void;
}

/** In bytes: what comes after is not read. */
const MAX_BYTES = 64 * 1024;
/** In milliseconds: what is written within one tick of the clock of files may look unchanged. */
const TICK_MS = 50;

/**
 * Opens an empty file that is there already. It stays open: whatever a step puts in its place later is not read, and no link is followed.
 * Looking is so quick that it can be done before each piece of output, which may hold what was written just before.
 */
export function openMaskFile(path: string): MaskFile {
  const handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  let seen = '';
  return {
    values({ all } = { all: false }) {
      const { size, mtimeMs, ctimeMs } = fstatSync(handle);
      const trace = `${size} ${mtimeMs} ${ctimeMs}`;
      if (size === 0 || (!all && trace === seen && Date.now() - ctimeMs > TICK_MS)) return [];
      seen = trace;
      const buffer = Buffer.alloc(Math.min(size, MAX_BYTES));
      const text = buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, 0));
      return text
        .split(/\r?\n/)
        .filter((line) => line !== '')
        .flatMap(meanings);
    },
    close: () => closeSync(handle),
  };
}
