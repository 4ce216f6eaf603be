import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mapInTurns } from '../../../async/yield-to-event-loop.js';

/** In characters: what is put together before it is written. All of it may be longer than a text can be. */
const PIECE = 64 * 1024;

/**
 * Writes down for `tar` what it packs, each path once, and first the folders that the paths lie below, the outer ones before the inner: where
 * a checkout has a link of their name, unpacking puts them in its place instead of following it.
 */
export async function writeList(list: string, paths: readonly string[], signal: AbortSignal): Promise<void> {
  const folders = await foldersBelow(paths, signal);
  const handle = await open(list, 'w');
  try {
    let piece = '';
    for (const path of eachOnce(paths, folders)) {
      piece += `./${path}\0`;
      if (piece.length < PIECE) continue;
      signal.throwIfAborted();
      await handle.writeFile(piece);
      piece = '';
    }
    await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
}

/** Returns the folders that paths lie below, by the folder that they are in. Without sorting them: long ones take long to compare. */
async function foldersBelow(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const below = new Map<string, string[]>([['.', []]]);
  const enter = (path: string) => {
    for (let at = dirname(path); !below.has(at); at = dirname(at)) {
      below.set(at, []);
      waiting.push(at);
    }
    // The outermost first: what it is in is known.
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) below.get(dirname(at))?.push(at);
  };
  const waiting: string[] = [];
  await mapInTurns(paths, enter, signal);
  return below;
}

function* eachOnce(paths: readonly string[], below: ReadonlyMap<string, readonly string[]>): Generator<string> {
  const told = new Set<string>();
  const waiting = [...(below.get('.') ?? [])];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    told.add(at);
    yield at;
    for (const folder of below.get(at) ?? []) waiting.push(folder);
  }
  for (const path of paths) {
    if (told.has(path)) continue;
    told.add(path);
    yield path;
  }
}
