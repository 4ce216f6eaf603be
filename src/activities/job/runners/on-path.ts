import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Returns whether a folder of this process's `PATH` has such a program. */
export async function isOnPath(program: string): Promise<boolean> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const isThere = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
