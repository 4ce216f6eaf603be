import { activityProviders } from '../activity-providers.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { refused } from '../failures.js';
import { checkedRef } from './names.js';
import { remoteRefs } from './remote-refs.js';

/** Returns the commit at the head of a branch, asked for by git. Throws `Refused` when there is no such branch. */
export function createFindBranchHead(
  { config, log }: Pick<ActivityDeps, 'config' | 'log'>,
  providers = activityProviders({ config, log }),
): Activities['findBranchHead'] {
  return async function findBranchHead({ source, repository, branch }) {
    const ref = checkedRef(`refs/heads/${branch}`);
    const sha = (await remoteRefs({ config, providers }, { source, repository, refs: [ref] })).get(ref);
    if (!sha) throw refused(`${repository} has no branch ${JSON.stringify(branch)}`);
    return { sha };
  };
}
