import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withDeadline } from '../../../async/deadline.js';
import { writeGitFolder } from '../../checkout/git-folder.js';
import { git } from '../../git/git.js';
import { killByEnv } from '../kill-by-env.js';
import { writeOwner } from '../owner-file.js';
import { type KeepableTree, refuseMounts, removeFolder, type Workspace } from '../workspace.js';
import { clockWasSetBack } from './clock.js';
import { copyWithTime } from './copy-with-time.js';
import { hashOf, writeNote } from './note.js';
import { processesIn } from './processes-in.js';
import { run } from './program.js';
import { moveAll, scrub } from './scrub.js';
import { removeUntracked } from './untracked.js';

/** In milliseconds: less than what a job may take to end beyond its time. */
const DEADLINE_MS = 60_000;

/**
 * Takes the files of a checkout out of a workspace whose job has ended, without whatever the job has changed or added, so that
 * the next job of the repository can begin with them. Rejects when that can't be made sure, or takes longer than a minute: then
 * they must not be used again.
 */
export async function keepTree(workspace: Workspace, tree: KeepableTree): Promise<void> {
  const { folder, source } = workspace;
  await killByEnv(folder);
  const [one] = await processesIn(folder, tree.notedAt.wallMs);
  if (one) throw new Error(`process ${one.pid} may still be at work in it: it ${one.because}`);
  await refuseMounts(folder);
  if (clockWasSetBack(tree.notedAt)) throw new Error("the machine's clock was set back meanwhile");
  if (!(await lstat(source)).isDirectory()) throw new Error('the folder of the checkout was replaced');
  if ((await hashOf(join(folder, 'index'))) !== tree.indexHash) throw new Error('the copy of its index was changed');
  await mkdir(tree.place, { recursive: true, mode: 0o700 });
  const made = join(tree.place, `new-${randomUUID()}`);
  try {
    await withDeadline({ ms: DEADLINE_MS }, (signal) => make(made, { workspace, tree, signal }));
    await rename(made, join(tree.place, randomUUID()));
  } finally {
    await removeFolder(made);
  }
}

async function make(
  made: string,
  { workspace: { folder, source }, tree, signal }: { workspace: Workspace; tree: KeepableTree; signal: AbortSignal },
): Promise<void> {
  const [files, beside, index] = [join(made, 'src'), join(made, 'beside'), join(made, 'index')];
  for (const path of [made, files, beside]) await mkdir(path, { mode: 0o700 });
  await writeOwner(made);
  await scrub(source, { sinceMs: tree.changedFromMs, beside, signal });
  await rm(beside, { recursive: true });
  await moveAll(Buffer.from(source), Buffer.from(files));
  await writeGitFolder(files, { url: '', mirrors: [] });
  await copyWithTime(join(folder, 'index'), join(files, '.git/index'));
  // So that the next checkout need not write what has moved. Fails when a file is missing, which that writes.
  await git({ cwd: files, signal }, 'update-index', '-q', '--really-refresh');
  await removeUntracked({ cwd: files, signal });
  await rename(join(files, '.git/index'), index);
  await rm(join(files, '.git'), { recursive: true });
  const kilobytes = Number.parseInt((await run(signal, 'du', ['-sk', files])).toString(), 10);
  const hash = await hashOf(index);
  if (hash === undefined) throw new Error('its index can not be read');
  await writeNote(made, { index: hash, kilobytes });
}
