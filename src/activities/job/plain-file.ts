import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Does something with a file that a job may have replaced by anything, and returns what that resolves to. Undefined where there is no
 * plain file: no link is followed, and a pipe that nobody writes to is not waited for.
 */
export async function withPlainFile<T>(path: string | Buffer, use: (file: FileHandle) => Promise<T>) {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
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
