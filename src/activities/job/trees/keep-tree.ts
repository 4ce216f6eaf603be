import { randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeGitFolder } from '../../checkout/git-folder.js';
import { git, mustGit } from '../../git/git.js';
import { killByEnv } from '../kill-by-env.js';
import { type KeepableTree, removeFolder, type Workspace } from '../workspace.js';
import { copyWithTime } from './copy-with-time.js';
import { hashOf, writeNote } from './note.js';
import { processesIn } from './processes-in.js';
import { run } from './program.js';
import { moveAll, scrub } from './scrub.js';

const DEADLINE_MS = 5 * 60_000;

/**
 * Takes the files of a checkout out of a workspace whose job has ended, without whatever the job has changed or added, so that
 * the next job of the repository can begin with them. Rejects when that can't be made sure: then they must not be used again.
 */
export async function keepTree({ folder, source }: Workspace, tree: KeepableTree): Promise<void> {
  await killByEnv(folder);
  const [pid] = await processesIn(folder);
  if (pid !== undefined) throw new Error(`process ${pid} is still at work in it`);
  if (!(await lstat(source)).isDirectory()) throw new Error('the folder of the checkout was replaced');
  const index = join(folder, 'index');
  if ((await hashOf(index)) !== tree.indexHash) throw new Error('the copy of its index was changed');
  await mkdir(tree.place, { recursive: true, mode: 0o700 });
  const made = join(tree.place, `new-${randomUUID()}`);
  const files = join(made, 'src');
  try {
    await mkdir(files, { recursive: true, mode: 0o700 });
    const beside = join(made, 'beside');
    await mkdir(beside);
    await scrub(source, { sinceMs: tree.changedFromMs, beside });
    await rm(beside, { recursive: true });
    await moveAll(Buffer.from(source), Buffer.from(files));
    const [, kilobytes] = await Promise.all([settle(files, index), sizeOf(files)]);
    await rename(join(files, '.git/index'), join(made, 'index'));
    await rm(join(files, '.git'), { recursive: true });
    await writeNote(made, { index: await hashOf(join(made, 'index')), kilobytes });
    await rename(made, join(tree.place, randomUUID()));
  } finally {
    await removeFolder(made);
  }
}

/** Lets git look at the files that moved, so that the next checkout need not write them, and empties what submodules had. */
async function settle(cwd: string, index: string): Promise<void> {
  const call = { cwd, signal: AbortSignal.timeout(DEADLINE_MS) };
  await writeGitFolder(cwd, { url: '', mirrors: [] });
  await copyWithTime(index, join(cwd, '.git/index'));
  // Fails when a file is missing, which the next checkout writes.
  await git(call, 'update-index', '-q', '--really-refresh');
  const listed = await mustGit(call, 'ls-files', '-z', '--stage');
  for (const entry of listed.split('\0')) {
    const [, path] = /^160000 .*?\t(.*)$/s.exec(entry) ?? [];
    if (path !== undefined) await empty(cwd, path);
  }
}

/** Nothing is removed where a link leads. */
async function empty(cwd: string, path: string): Promise<void> {
  const folder = join(cwd, path);
  const above = await realpath(dirname(folder)).catch(() => undefined);
  if (above === join(await realpath(cwd), dirname(path))) await rm(folder, { recursive: true, force: true });
}

async function sizeOf(folder: string): Promise<number> {
  return Number.parseInt((await run('du', ['-sk', folder])).toString(), 10);
}
