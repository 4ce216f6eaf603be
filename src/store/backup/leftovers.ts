import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type HeldFile, holdFile } from '../sqlite/hold-file.js';

/** A folder for what is half done, which its process holds for as long as it lives. */
export interface Scratch {
  readonly folder: string;
  /** Removes it. */
  remove(): void;
}

const LOCK = 'owner.lock';
const SCRATCH = /\.partial-[A-Za-z0-9]{6}$/;
const STAGED = /^\.restore-[A-Za-z0-9]{6}$/;

/** Makes a folder beside a backup that is to be written, and removes those of backups there that were killed. */
export function scratchBeside(file: string): Scratch {
  removeDead(dirname(file));
  const folder = mkdtempSync(`${file}.partial-`);
  const held = holdFile(join(folder, LOCK));
  return {
    folder,
    remove() {
      held?.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Other folders of such a name have no lock, and those of backups that are under way let nobody hold theirs. */
function removeDead(parent: string): void {
  for (const name of foldersIn(parent, SCRATCH)) {
    const lock = join(parent, name, LOCK);
    const held = existsSync(lock) ? heldOrNot(lock) : undefined;
    held?.release();
    if (held) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Another user's can't be opened, and is no reason to make no backup. */
function heldOrNot(lock: string): HeldFile | undefined {
  try {
    return holdFile(lock);
  } catch {
    return undefined;
  }
}

/** Makes a folder in a data folder for what is to be restored there. */
export function stageIn(data: string): string {
  return mkdtempSync(join(data, '.restore-'));
}

/** Removes what restores that were killed have left in a data folder, secrets among it. For its owner: then none is at work. */
export function removeStaged(data: string): void {
  for (const name of foldersIn(data, STAGED)) rmSync(join(data, name), { recursive: true, force: true });
}

function foldersIn(parent: string, called: RegExp): string[] {
  const entries = readdirSync(parent, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() && called.test(entry.name) ? [entry.name] : []));
}
