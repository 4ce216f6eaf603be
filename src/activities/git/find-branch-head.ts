import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { activityProviders } from '../activity-providers.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { refused, unavailable } from '../failures.js';
import { git } from './git.js';
import { checkedRef } from './names.js';
import { authorizedRemote } from './remote.js';

/** Returns the commit at the head of a branch, asked for by git. Throws `Refused` when there is no such branch. */
export function createFindBranchHead(
  { config, log }: Pick<ActivityDeps, 'config' | 'log'>,
  providers = activityProviders({ config, log }),
): Activities['findBranchHead'] {
  return async function findBranchHead({ source, repository, branch }) {
    const ref = checkedRef(`refs/heads/${branch}`);
    const remote = await authorizedRemote({ config, providers }, { source, repository });
    const cwd = await mkdtemp(join(tmpdir(), 'hookyard-head-'));
    try {
      const call = { cwd, signal: Context.current().cancellationSignal, remote };
      const { ok, stdout, said } = await git(call, 'ls-remote', '--quiet', '--end-of-options', remote.url, ref);
      if (!ok) throw unavailable(`git can't ask ${remote.url}: ${said}`);
      const sha = stdout
        .split('\n')
        .map((line) => line.split('\t'))
        .find(([, name]) => name === ref)?.[0];
      if (!sha) throw refused(`${repository} has no branch ${JSON.stringify(branch)}`);
      return { sha };
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  };
}
