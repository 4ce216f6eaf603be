import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectFormat } from '../git/mirror-generations.js';

/** What the `.git` of a checkout is made of. */
export interface GitFolder {
  /** Address of `origin`, without credentials. */
  readonly url: string;
  /** Bare repositories on this machine whose objects it borrows instead of having its own. */
  readonly mirrors: readonly string[];
  /** How its objects are named. Default `sha1`. */
  readonly format?: ObjectFormat;
}

/** Branches that `git fetch origin` gets. */
const FETCH = '+refs/heads/*:refs/remotes/origin/*';

/** Writes the `.git` of an empty repository, without starting git. What was noted of another checkout there is gone. */
export async function writeGitFolder(checkout: string, { url, mirrors, format = 'sha1' }: GitFolder): Promise<void> {
  const folder = join(checkout, '.git');
  await rm(folder, { recursive: true, force: true });
  for (const name of ['objects/info', 'objects/pack', 'refs', 'info', 'hooks'])
    await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  await writeFile(join(folder, 'objects/info/alternates'), mirrors.map((mirror) => `${mirror}/objects\n`).join(''));
  const isSha1 = format === 'sha1';
  const core = `[core]\n\trepositoryformatversion = ${isSha1 ? 0 : 1}\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n`;
  const extensions = isSha1 ? '' : `[extensions]\n\tobjectformat = ${format}\n`;
  const origin = `[remote "origin"]\n\turl = ${quoted(url)}\n\tfetch = ${FETCH}\n`;
  await writeFile(join(folder, 'config'), `${core}${extensions}${origin}`);
}

/** Returns a value as git's configuration files hold it. */
export function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
