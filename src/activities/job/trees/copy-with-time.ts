import { copyFile, stat, utimes } from 'node:fs/promises';

/**
 * Copies an index. Git reads from its time which files it has to look into: those that were written in the same second. A copy may
 * be told older than it is, by less than a millisecond, and never newer.
 */
export async function copyWithTime(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from);
  await copyFile(from, to);
  const time = Math.floor(mtimeMs) / 1_000;
  await utimes(to, time, time);
}
