import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Providers } from '../../providers/apis.js';
import type { Checkout } from '../contract/index.js';
import { refused, unavailable } from '../failures.js';
import { git, mustGit } from '../git/git.js';
import { openMirror } from '../git/mirror.js';
import { checkedRef, checkedSha } from '../git/names.js';
import { authorizedRemote } from '../git/remote.js';
import { refusesContent } from '../git/repair.js';
import type { Workspace } from './workspace.js';

/** What {@link checkOut} works with. */
export interface CheckoutDeps {
  readonly config: Config;
  readonly providers: Providers;
  readonly workspace: Workspace;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Checks out a commit into the workspace, through the machine's mirror of the repository. The checkout borrows the
 * mirror's objects instead of copying them, and holds no credentials.
 */
export async function checkOut(
  { config, providers, workspace, signal }: CheckoutDeps,
  { source, repository, sha, ref }: Checkout,
): Promise<void> {
  checkedSha(sha);
  const remote = await authorizedRemote({ config, providers }, { source, repository });
  const mirror = await openMirror({ data: config.data, remote, repository, signal });
  await mirror.ensureCommit({ sha, ref: ref && checkedRef(ref) });
  const call = { cwd: workspace.source, signal };
  await mustGit(call, 'init', '--quiet', '.');
  const info = join(workspace.source, '.git', 'objects', 'info');
  await mkdir(info, { recursive: true });
  await writeFile(join(info, 'alternates'), `${join(mirror.folder(), 'objects')}\n`);
  await mustGit(call, 'remote', 'add', 'origin', remote.url);
  const branch = ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
  if (branch) await mustGit(call, 'update-ref', `refs/remotes/origin/${branch}`, sha);
  // Without the commit's tree, git checks out nothing and succeeds.
  const hasTree = await git(call, 'cat-file', '-e', `${sha}^{tree}`);
  const { ok, said } = hasTree.ok ? await git(call, 'checkout', '--quiet', '--detach', '--force', sha) : hasTree;
  if (ok) return;
  if (refusesContent(said)) throw refused(`git refuses to check out ${sha}: ${said}`);
  const wasBroken = await mirror.replaceIfBroken({ sha, ref });
  throw unavailable(
    `git can't check out ${sha}: ${said}${wasBroken ? ' (the mirror was broken and has been replaced)' : ''}`,
  );
}
