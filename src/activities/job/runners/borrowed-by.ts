import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BORROWED } from '../borrowed-objects.js';

/** Returns the folders of objects that a checkout borrows from. Steps that are shut off do not see where that is noted. */
export function borrowedBy(folder: string): string[] {
  const note = join(folder, BORROWED);
  return existsSync(note) ? [...new Set(readFileSync(note, 'utf8').split('\n').filter(Boolean))] : [];
}
