import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breath, setTimeout as wait } from 'node:timers/promises';
import { valueWithin } from '../../async/deadline.js';

/** How much output waits, and where. */
export interface SpoolLimits {
  /** In bytes: in memory, and in a file when that is full. */
  readonly memoryBytes: number;
  readonly fileBytes: number;
}

const LIMITS: SpoolLimits = { memoryBytes: 4 * 1024 * 1024, fileBytes: 256 * 1024 * 1024 };
/** What is handed on at once, in bytes, roughly. */
const PIECE = 64 * 1024;
/**
 * Output that keeps coming goes before what waits already, for so long, in milliseconds, by how much waits. Then what waits is handed
 * on for a quarter of that.
 */
const PATIENCE_MS = { little: 60, much: 500, tooMuch: 0 };
/** How often it is looked whether output keeps coming, in milliseconds. */
const LOOK_MS = 6;
/** How long what waits does so for the end of the step, whose output has ended, in milliseconds. */
const END_MS = 500;

/** Where output waits, and what for. */
export interface SpoolOptions {
  /** Where the file is. */
  readonly folder: string;
  readonly name: string;
  /** Settles when the step has ended: what looks for its end would wait behind each piece that is dealt with. */
  readonly over?: Promise<unknown>;
  readonly limits?: SpoolLimits;
}

/** Output on its way from a step to its log. */
export interface Spool {
  /** All of the output, in order, as fast as it is asked for. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Resolves when the output has ended, however much of it still waits. Rejects as the output does. */
  readonly taken: Promise<void>;
}

/**
 * Takes output as fast as it comes, so that a step is not held up by what becomes of its output: what can't be dealt with yet
 * waits in memory, then in a file without a name, and only when both are full does the step wait.
 */
export function createSpool(
  source: AsyncIterable<Buffer>,
  { folder, name, over, limits: { memoryBytes, fileBytes } = LIMITS }: SpoolOptions,
): Spool {
  /** What comes after all that is in the file. */
  const queue: Buffer[] = [];
  let queued = 0;
  let file: FileHandle | undefined;
  let [written, read] = [0, 0];
  let writing: Promise<void> | undefined;
  let isFileBad = false;
  let hasEnded = false;
  let isLeft = false;
  let received = 0;
  let wake: () => void = () => undefined;
  let changed = new Promise<void>((resolve) => (wake = resolve));
  const tell = () => {
    wake();
    changed = new Promise<void>((resolve) => (wake = resolve));
  };

  /**
   * Moves what waits in memory to the file, all at once: that costs little more than a piece of it. The file goes round: what comes
   * behind its last byte is written over what has been read at its beginning.
   */
  const moveToFile = async () => {
    const bytes = Buffer.concat(queue.splice(0));
    try {
      file ??= await openNameless(join(folder, name));
      if (read === written) [read, written] = [0, 0];
      const at = written % fileBytes;
      await writeAll(file, bytes.subarray(0, fileBytes - at), at);
      await writeAll(file, bytes.subarray(fileBytes - at), 0);
      written += bytes.length;
      queued -= bytes.length;
    } catch {
      // A disk that is full, for example: what was written stays readable, the rest goes through memory alone.
      isFileBad = true;
      queue.unshift(bytes);
    }
  };

  const take = async (chunk: Buffer): Promise<void> => {
    if (isLeft) return;
    received += 1;
    queue.push(chunk);
    queued += chunk.length;
    tell();
    const mayMove = () => !writing && !isFileBad && queued >= memoryBytes / 4 && written - read + queued <= fileBytes;
    if (mayMove()) {
      writing = moveToFile().finally(() => {
        writing = undefined;
        tell();
      });
    }
    while (queued >= memoryBytes && !isLeft) await changed;
  };

  /** What is dealt with takes a core from the step; what nobody deals with fills the file, and then the step waits. */
  const patienceMs = () => {
    const waiting = written - read + queued;
    if (waiting > fileBytes / 2) return PATIENCE_MS.tooMuch;
    return waiting > memoryBytes / 4 ? PATIENCE_MS.much : PATIENCE_MS.little;
  };

  let awaited = over;
  const end = async () => {
    if (awaited) await valueWithin(END_MS, awaited);
    awaited = undefined;
  };

  const pump = async () => {
    try {
      for await (const chunk of source) await take(chunk);
    } finally {
      hasEnded = true;
      tell();
    }
  };

  async function* chunks(): AsyncGenerator<Buffer> {
    const buffer = Buffer.allocUnsafe(PIECE);
    let seen = 0;
    let until = 0;
    try {
      for (;;) {
        const since = performance.now();
        if (since >= until) {
          while (!hasEnded && received !== seen && performance.now() - since < patienceMs()) {
            seen = received;
            await wait(LOOK_MS);
          }
          if (hasEnded) await end();
          const now = performance.now();
          until = now + (now - since) / 4;
        }
        if (read < written && file) {
          const at = read % fileBytes;
          const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE, written - read, fileBytes - at), at);
          if (bytesRead === 0) throw new Error('the file of output that waits is shorter than what was written to it');
          read += bytesRead;
          tell();
          yield Buffer.from(buffer.subarray(0, bytesRead));
        } else if (writing) await changed;
        else if (queue.length > 0) {
          const next = Buffer.concat(firstOf(queue));
          queued -= next.length;
          tell();
          yield next;
          await breath();
        } else if (hasEnded) return;
        else await changed;
      }
    } finally {
      // Whoever asks for no more does not hold the step up.
      isLeft = true;
      tell();
      await writing;
      await file?.close();
    }
  }

  const taken = pump();
  taken.catch(() => undefined);
  return { chunks: chunks(), taken };
}

/** Takes the first pieces of a list, as many as make one. */
function firstOf(queue: Buffer[]): Buffer[] {
  let bytes = 0;
  const enough = queue.findIndex(({ length }) => {
    bytes += length;
    return bytes >= PIECE;
  });
  return queue.splice(0, enough < 0 ? queue.length : enough + 1);
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Opens a file that ends with its last reader, whatever becomes of this process. */
async function openNameless(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx+', 0o600);
  await rm(path, { force: true });
  return file;
}
