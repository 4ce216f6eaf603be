import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** No link is followed at the end of a path, and a pipe that nobody writes to is not waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Does something with a file that a job may have replaced by anything, and returns what that resolves to. Undefined where there is no
 * plain file. Folders on the way may be links: {@link openBelow} is for those that a job can replace too.
 */
export async function withPlainFile<T>(path: string | Buffer, use: (file: FileHandle) => Promise<T>) {
  const file = await open(path, FLAGS).catch(() => undefined);
  if (!file) return undefined;
  try {
    return (await file.stat()).isFile() ? await use(file) : undefined;
  } finally {
    await file.close();
  }
}

/** Returns the text of such a file; undefined where there is none, or it has more bytes than that. */
export async function readPlainFile(path: string, maxBytes: number): Promise<string | undefined> {
  const read = async (file: FileHandle) =>
    (await file.stat()).size > maxBytes ? undefined : (await file.readFile()).toString();
  return withPlainFile(path, read).catch(() => undefined);
}

/**
 * Opens a plain file that lies below a folder whose content a job can replace while it is looked at; undefined where there is none. Where
 * it lies is looked at once it is open: a link in the place of a folder on the way may have been there just for that moment.
 */
export async function openBelow(folder: string, path: string): Promise<FileHandle | undefined> {
  const place = join(await realpath(folder), path);
  const file = await open(place, FLAGS).catch(() => undefined);
  if (!file) return undefined;
  const isOwn = (await file.stat()).isFile() && (await liesAt(file, place));
  if (isOwn) return file;
  await file.close();
  return undefined;
}

/** Returns whether an open file lies at a place to which no link leads. */
async function liesAt(file: FileHandle, place: string): Promise<boolean> {
  const opened = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  if (opened !== undefined) return opened === place;
  // Where there is no `/proc`: it is what stands there now.
  const [now, its] = [await stat(place).catch(() => undefined), await file.stat()];
  const isThere = (await realpath(place).catch(() => undefined)) === place;
  return isThere && now?.ino === its.ino && now.dev === its.dev;
}
