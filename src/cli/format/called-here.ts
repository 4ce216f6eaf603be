import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../paths.js';
import { shellWord } from '../../runs/shell-word.js';

const PROGRAM = 'bin/hookyard.mjs';
const BY_NPX = 'npx hookyard';

/**
 * Returns how this program is called in a folder, by default the one that the command was called in: by npx where that finds it,
 * else by its path, since npx would fetch a package of this name from npm there, which is not ours.
 */
export function calledHere(folder?: string): string {
  return npxFindsIt(folder ?? currentFolder()) ? BY_NPX : `node ${shellWord(join(packageRoot, PROGRAM))}`;
}

/** Returns a text of Hookyard's own with the commands that it names as they can be typed in a folder. */
export function typedHere(text: string, folder?: string): string {
  return text.includes(BY_NPX) ? text.replaceAll(BY_NPX, () => calledHere(folder)) : text;
}

/** As npx looks: in the nearest package, then for a program that was installed in any folder above. */
function npxFindsIt(folder: string): boolean {
  const above = [folder];
  for (let at = folder; dirname(at) !== at; at = dirname(at)) above.push(dirname(at));
  const nearest = above.find((at) => existsSync(join(at, 'package.json')));
  if (nearest !== undefined && isProgram(join(nearest, PROGRAM))) return true;
  return above.some((at) => isProgram(join(at, 'node_modules/.bin/hookyard')));
}

function isProgram(path: string): boolean {
  try {
    return realpathSync(path) === realpathSync(join(packageRoot, PROGRAM));
  } catch {
    return false;
  }
}

/** The folder may have been deleted, which is told as an error of its own. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return packageRoot;
  }
}
