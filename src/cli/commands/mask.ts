import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { escaped } from '../../activities/job/masks/escapes.js';
import { LONGEST_VALUE, whyNotHidden } from '../../activities/job/masks/why-not-hidden.js';
import { packageRoot } from '../../paths.js';
import { UserError } from '../user-error.js';

const HELP = `
For a step of a job that makes or fetches a secret of its own. Without an argument it reads standard input, so that the value
stands in no list of processes:
  vault read -field=token ci/deploy | tee token | node ${join(packageRoot, 'bin/hookyard.mjs')} mask
Never by npx: a step runs in a checkout, where npx would fetch a package of this name from npm, which is not ours.
Where this command is not at hand, as in a sandbox, do the same by hand: printf '%s\\n' "$value" >> "$HOOKYARD_MASK"`;

/** `hookyard mask`: has a value hidden in all that the job shows from now on. */
export const mask = () =>
  new Command('mask')
    .description('within a step of a job: hide a value in the output and in all else that the job shows from now on')
    .argument('[value]', 'what is hidden; better left out, and given on standard input')
    .addHelpText('after', HELP)
    .action(async (given: string | undefined) => {
      const path = process.env.HOOKYARD_MASK;
      if (!path) throw new UserError('hookyard mask works within a step of a job: $HOOKYARD_MASK is not set here');
      const value = given ?? (await readValue());
      const because = whyNotHidden(value);
      if (because !== undefined) throw new UserError(`The value can't be hidden: ${because}`);
      await append(path, `${escaped(value)}\n`);
    });

/** Returns what standard input holds, without the line break at its end. */
async function readValue(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > LONGEST_VALUE + 2) break;
  }
  return text.replace(/\r?\n$/, '');
}

async function append(path: string, line: string): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`$HOOKYARD_MASK is no file that can be written to (${code}): was it removed by the step?`);
  }
  try {
    await file.write(line);
  } finally {
    await file.close();
  }
}
