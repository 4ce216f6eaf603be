import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { UserError } from '../user-error.js';

/** A body that is to be sent or explained, byte for byte. */
export interface Input {
  readonly body: Buffer;
  /** Absolute path of the file that it is the content of; undefined where there is none. */
  readonly file?: string;
}

/** Reads a file, or standard input for `-`. Throws {@link UserError}. */
export async function readInput(file: string): Promise<Input> {
  if (file === '-') return { body: await buffer(process.stdin) };
  try {
    return { body: await readFile(file), file: resolve(file) };
  } catch (error) {
    throw new UserError(`Can't read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Returns the content type that a sender would give a body: that of a form if it is one, and not JSON. */
export function contentTypeOf(body: Buffer): string {
  const text = body.toString('utf8');
  // Names may have brackets, `user[id]`, but no JSON begins with a name.
  if (/^[^\s=&"{}[\]][^\s=&"{}]*=[^\s"{}]*\s*$/.test(text)) return FORM_TYPE;
  return JSON_TYPE;
}
