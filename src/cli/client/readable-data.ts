import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { whoIsHere } from '../commands/who-is-here.js';
import { UserError } from '../user-error.js';

/** Throws {@link UserError} where a data folder is another user's: what nobody may look into seems to be empty. */
export function mustBeReadable(data: string): void {
  for (const folder of [data, join(data, 'secrets')])
    try {
      accessSync(folder, constants.R_OK | constants.X_OK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EACCES' && code !== 'EPERM') continue;
      throw new UserError(
        `${folder} can't be read by ${whoIsHere()} (${code}): call hookyard as the user that Hookyard runs as. ` +
          'What only asks a server needs no data folder: give --url, and its API token in HOOKYARD_API_TOKEN',
      );
    }
}
