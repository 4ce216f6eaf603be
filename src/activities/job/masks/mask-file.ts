import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A file that a step writes values to which are to be hidden, a line each. */
export interface MaskFile {
  /** Returns what has been written since; undefined where that can be nothing. `all`: looks in any case. */
  look(how?: { readonly all: boolean }): NewLines | undefined;
  /** Whether there was more than is read. */
  isCut(): boolean;
  close(): void;
}

/** What is new in such a file. */
export interface NewLines {
  /** Whole ones. */
  readonly lines: readonly string[];
  /** What stands behind the last line break: the beginning of a line that is just being written, or a line without its end. */
  readonly rest: string;
}

/** In bytes: of the file, and of all that a step writes to it and writes over again. What comes after is not read. */
export const MOST_BYTES = 64 * 1024;
/** In milliseconds: what is written within one tick of the clock of files may look unchanged. */
const TICK_MS = 50;
const LINE_BREAK = 10;

/**
 * Opens an empty file that is there already. It stays open: whatever a step puts in its place later is not read, and no link is followed.
 * Looking is so quick that it can be done before each piece of output, which may hold what was written just before: each line is taken
 * once, unless the file is written over.
 */
export function openMaskFile(path: string): MaskFile {
  const handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const buffer = Buffer.allocUnsafe(MOST_BYTES);
  let seen = '';
  /** The whole lines that were taken, as they stand in the file. */
  let taken: Buffer = Buffer.alloc(0);
  let left = MOST_BYTES;
  let isCut = false;
  return {
    look({ all } = { all: false }) {
      if (left === 0) return undefined;
      const { size, mtimeMs, ctimeMs } = fstatSync(handle);
      const trace = `${size} ${mtimeMs} ${ctimeMs}`;
      if (!all && trace === seen && Date.now() - ctimeMs > TICK_MS) return undefined;
      seen = trace;
      const bytes = buffer.subarray(0, readSync(handle, buffer, 0, MOST_BYTES, 0));
      const from = bytes.subarray(0, taken.length).equals(taken) ? taken.length : 0;
      const fresh = bytes.subarray(from);
      const whole = fresh.subarray(0, fresh.subarray(0, left).lastIndexOf(LINE_BREAK) + 1);
      const rest = fresh.subarray(whole.length);
      taken = Buffer.from(bytes.subarray(0, from + whole.length));
      left -= whole.length;
      isCut ||= size > MOST_BYTES || rest.includes(LINE_BREAK);
      if (isCut) left = 0;
      const lines = whole.toString().split(/\r?\n/);
      return { lines: lines.filter((line) => line !== ''), rest: isCut ? '' : rest.toString() };
    },
    isCut: () => isCut,
    close: () => closeSync(handle),
  };
}
