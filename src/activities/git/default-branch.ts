import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FetchCall } from './fetch.js';
import { git } from './git.js';

/** In a mirror's folder. */
const NOTED = 'hookyard-default-branch';
const GOOD_MS = 24 * 60 * 60_000;

/**
 * Returns the name of a repository's default branch, asked for by git once a day and noted in the mirror. Undefined where the
 * remote does not say, or can't be asked.
 */
export async function askDefaultBranch(call: FetchCall): Promise<string | undefined> {
  const path = join(call.cwd, NOTED);
  const notedAt = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
  if (Date.now() - notedAt < GOOD_MS) return (await readFile(path, 'utf8')) || undefined;
  const { url } = call.remote;
  const { ok, stdout } = await git(call, 'ls-remote', '--quiet', '--symref', '--end-of-options', url, 'HEAD');
  if (!ok) return undefined;
  const [, name = ''] = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(stdout) ?? [];
  await writeFile(path, name);
  return name || undefined;
}
