import { activityProviders } from '../activity-providers.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { refused } from '../failures.js';
import { checkedRef, checkedSha } from './names.js';
import { remoteRefs } from './remote-refs.js';

/**
 * Returns the commit that a tag led to when it was pushed, asked for by git: that of an annotated tag lies behind an object of
 * its own. Throws `Refused` when the tag is gone or leads elsewhere by now.
 */
export function createFindTagCommit(
  { config, log }: Pick<ActivityDeps, 'config' | 'log'>,
  providers = activityProviders({ config, log }),
): Activities['findTagCommit'] {
  return async function findTagCommit({ source, repository, tag, sha }) {
    checkedSha(sha);
    const ref = checkedRef(`refs/tags/${tag}`);
    const behind = `${ref}^{}`;
    const found = await remoteRefs({ config, providers }, { source, repository, refs: [ref, behind] });
    const commit = found.get(behind) ?? found.get(ref);
    if (commit && [...found.values()].includes(sha)) return { sha: commit };
    const isGone = commit === undefined;
    throw refused(
      isGone
        ? `${repository} has no tag ${JSON.stringify(tag)} any more`
        : `the tag ${JSON.stringify(tag)} of ${repository} was moved to ${commit.slice(0, 12)}: what it led to is not known`,
    );
  };
}
