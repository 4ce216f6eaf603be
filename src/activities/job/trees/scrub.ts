import { mkdir, readdir, rename, rm, rmdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './program.js';

/** More folders than these are not looked into one by one: the whole is removed instead. */
const MAX_FOLDERS = 5_000;

/**
 * Removes from a checkout all that was changed since a moment, `.git` too, and makes anew each folder that was: what stays are the
 * files that nobody has touched. Relies on the time of a file's last change (ctime), which programs can't set, and which each
 * change moves: of content, mode, owner, name, links and attributes. Rejects when something withstands.
 *
 * @param beside an empty folder on the same file system, to work in
 */
export async function scrub(
  source: string,
  { sinceMs, beside, signal }: { sinceMs: number; beside: string; signal: AbortSignal },
): Promise<void> {
  // A folder that can't be looked into could not be emptied either.
  await run(signal, 'find', [
    source,
    '-xdev',
    '-type',
    'd',
    '!',
    '-perm',
    '-0700',
    '-exec',
    'chmod',
    'u+rwx',
    '{}',
    ';',
  ]);
  await rm(join(source, '.git'), { recursive: true, force: true });
  const since = join(beside, 'since');
  await writeFile(since, '');
  await utimes(since, sinceMs / 1000, sinceMs / 1000);
  const changed = ['-cnewer', since];
  const goes = ['(', '!', '-type', 'd', ...changed, '-o', '-type', 'd', '-empty', ')', '-delete'];
  const remade = ['-type', 'd', ...changed, '-print0'];
  const printed = await run(signal, 'find', [source, '-xdev', '-mindepth', '1', '-depth', ...goes, '-o', ...remade]);
  const folders = namesIn(printed);
  if (folders.length > MAX_FOLDERS) throw new Error(`${folders.length} folders were changed`);
  for (const folder of folders) await makeAnew(folder, join(beside, 'folder'));
  await rm(since);
}

/** Puts what is in a folder into a new one of the same name, without its mode, its attributes and its access lists. */
async function makeAnew(folder: Buffer, beside: string): Promise<void> {
  await mkdir(beside);
  await moveAll(folder, Buffer.from(beside));
  await rmdir(folder);
  await rename(beside, folder);
}

/** Moves what is in one folder to another. Names are bytes: they need not be text. */
export async function moveAll(from: Buffer, to: Buffer): Promise<void> {
  for (const name of await readdir(from, { encoding: 'buffer' })) await rename(within(from, name), within(to, name));
}

function within(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}

/** Returns what a program printed, each ended by a zero byte. */
function namesIn(printed: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let from = 0, to = printed.indexOf(0); to !== -1; from = to + 1, to = printed.indexOf(0, from))
    names.push(printed.subarray(from, to));
  return names;
}
