import { copyFile, stat, utimes } from 'node:fs/promises';

/** Copies an index. Git reads from its time which files it has to look into: those that were written in the same second. */
export async function copyWithTime(from: string, to: string): Promise<void> {
  const { atime, mtime } = await stat(from);
  await copyFile(from, to);
  await utimes(to, atime, mtime);
}
