import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the `.git` of a checkout is made of. */
export interface GitFolder {
  /** Address of `origin`, without credentials. */
  readonly url: string;
  /** Bare repositories on this machine whose objects it borrows instead of having its own. */
  readonly mirrors: readonly string[];
  /** More of its `config`, whole sections. */
  readonly sections?: string;
}

/** Branches that `git fetch origin` gets. */
const FETCH = '+refs/heads/*:refs/remotes/origin/*';

/** Writes the `.git` of an empty repository, without starting git. What was noted of another checkout there is gone. */
export async function writeGitFolder(checkout: string, { url, mirrors, sections = '' }: GitFolder): Promise<void> {
  const folder = join(checkout, '.git');
  await rm(folder, { recursive: true, force: true });
  for (const name of ['objects/info', 'objects/pack', 'refs', 'info', 'hooks'])
    await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  await writeFile(join(folder, 'objects/info/alternates'), mirrors.map((mirror) => `${mirror}/objects\n`).join(''));
  const core = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n';
  const origin = `[remote "origin"]\n\turl = ${quoted(url)}\n\tfetch = ${FETCH}\n`;
  await writeFile(join(folder, 'config'), `${core}${origin}${sections}`);
}

/** Returns a value as git's configuration files hold it. */
export function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
