import { randomUUID } from 'node:crypto';
import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns what time it is for the file system that a folder is on, Unix ms: it notes times by a clock of its own, which may be some
 * milliseconds behind. At once, so that nothing is written meanwhile. Throws where the folder can't be written to.
 */
export function fileTime(folder: string): number {
  // Steps may have put something under any name that they can guess.
  const probe = join(folder, `.time-${randomUUID()}`);
  writeFileSync(probe, '', { flag: 'wx' });
  try {
    return lstatSync(probe).ctimeMs;
  } finally {
    rmSync(probe, { force: true });
  }
}
