import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../user-error.js';

/**
 * Opens a text in the editor that `VISUAL` or `EDITOR` names, and returns it as it was saved. The file that it is in meanwhile is
 * this user's alone, and is removed. Throws {@link UserError} where none is named, or the editor fails.
 */
export async function editText(text: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const editor = env.VISUAL || env.EDITOR;
  if (!editor)
    throw new UserError(
      'Set VISUAL or EDITOR to your editor; or save the payload with --payload, and give it with --file',
    );
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-edit-'));
  try {
    const file = join(folder, 'payload.json');
    await writeFile(file, text, { mode: 0o600 });
    // An editor may have options: code --wait.
    const { failed, shortMessage } = await execa('sh', ['-c', `${editor} "$1"`, 'sh', file], {
      ...{ stdio: 'inherit', reject: false },
      env,
    });
    if (failed) throw new UserError(`The editor failed, so nothing was asked: ${shortMessage}`);
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
