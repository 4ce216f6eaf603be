import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns what time it is for the file system that a folder is on, Unix ms: it notes times by a clock of its own, which may be some
 * milliseconds behind. At once, so that nothing is written meanwhile.
 */
export function fileTime(folder: string): number {
  const probe = join(folder, '.time');
  rmSync(probe, { force: true });
  writeFileSync(probe, '', { flag: 'wx' });
  const { ctimeMs } = lstatSync(probe);
  rmSync(probe);
  return ctimeMs;
}
