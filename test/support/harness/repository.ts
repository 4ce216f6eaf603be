import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** A repository to clone from, and a work tree of it. */
export interface TestRepository {
  readonly bare: string;
  /** Runs git in the work tree, and returns what it prints. */
  git(...args: string[]): Promise<string>;
  /** Commits files on a branch, pushes it, and returns the commit's name. */
  commit(files: Readonly<Record<string, string>>, branch?: string): Promise<string>;
}

/** Whatever the machine's own configuration says. */
const ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'T',
  GIT_AUTHOR_EMAIL: 't@t.invalid',
  GIT_COMMITTER_NAME: 'T',
  GIT_COMMITTER_EMAIL: 't@t.invalid',
};

/** Makes the empty repository `repositories/acme/app.git` in a folder. */
export async function openRepository(folder: string): Promise<TestRepository> {
  const work = join(folder, 'work');
  const bare = join(folder, 'repositories/acme/app.git');
  const git = async (...args: string[]) => (await execa('git', args, { cwd: work, env: ENV })).stdout.trim();
  await mkdir(work, { recursive: true });
  await git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git('init', '--quiet', '--initial-branch=main');
  return {
    bare,
    git,
    async commit(files, branch = 'main') {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(work, name)), { recursive: true });
        await writeFile(join(work, name), text);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message=m');
      await git('push', '--quiet', '--force', bare, `HEAD:refs/heads/${branch}`);
      return git('rev-parse', 'HEAD');
    },
  };
}

/** Makes the repository with one commit on `main`, whose `word.txt` says that the word is here. Returns its name. */
export async function makeRepository(folder: string): Promise<string> {
  const { commit } = await openRepository(folder);
  return commit({ 'word.txt': 'the word is here\n' });
}
