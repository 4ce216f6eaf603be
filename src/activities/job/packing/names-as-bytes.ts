import { isUtf8 } from 'node:buffer';
import { lstat, readdir } from 'node:fs/promises';

/** What stands for bytes that are no text. A name may also hold it as it is. */
export const REPLACED = '\ufffd';

/** The names in a folder that hold {@link REPLACED} once they are read as text. */
export interface OddNames {
  /** Those that are text: files can be found by them. */
  readonly texts: Set<string>;
  /** The others, as bytes. */
  readonly others: readonly Buffer[];
}

/** Returns such names. To be called where there are any. */
export async function oddNamesIn(folder: string): Promise<OddNames> {
  // Of a folder that is gone there is nothing to tell.
  const names = await readdir(folder, { encoding: 'buffer' }).catch(() => []);
  return {
    texts: new Set(names.filter((name) => isUtf8(name) && name.includes(REPLACED)).map(String)),
    others: names.filter((name) => !isUtf8(name)),
  };
}

/** How far {@link isChangedBelow} looks. */
export interface LookingBelow {
  /** Unix ms. */
  readonly since: number;
  /** Is told of each file that is looked at. What it throws ends the search. */
  readonly onLook: (path: Buffer) => void;
}

/** Returns whether a file or link, or anything in a folder, was made or changed since a time. What can't be read was not. */
export async function isChangedBelow(top: Buffer, { since, onLook }: LookingBelow): Promise<boolean> {
  const waiting = [top];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    onLook(path);
    const state = await lstat(path).catch(() => undefined);
    if (!state) continue;
    const isFolder = state.isDirectory();
    if ((isFolder || state.isFile() || state.isSymbolicLink()) && state.ctimeMs >= since) return true;
    if (!isFolder) continue;
    const at = path;
    const names = await readdir(at, { encoding: 'buffer' }).catch(() => []);
    for (const name of names) waiting.push(Buffer.concat([at, Buffer.from('/'), name]));
  }
  return false;
}
