import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** Makes `repositories/acme/app.git` in a folder, with one commit on `main`, and answers the commit's name. */
export async function makeRepository(folder: string): Promise<string> {
  const work = join(folder, 'work');
  const bare = join(folder, 'repositories/acme/app.git');
  await mkdir(work, { recursive: true });
  const git = async (...args: string[]) => {
    const env = {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'T',
      GIT_AUTHOR_EMAIL: 't@t.invalid',
      GIT_COMMITTER_NAME: 'T',
      GIT_COMMITTER_EMAIL: 't@t.invalid',
    };
    return (await execa('git', args, { cwd: work, env })).stdout;
  };
  await git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(work, 'word.txt'), 'the word is here\n');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=One');
  await git('push', '--quiet', bare, 'HEAD:refs/heads/main');
  return git('rev-parse', 'HEAD');
}
