import { activityProviders } from '../activity-providers.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { refused } from '../failures.js';
import { commitAt, namedRefs, withPeeled } from './named-refs.js';
import { remoteRefs } from './remote-refs.js';

/**
 * Returns the commit that a branch or a tag leads to now, asked for by git. Throws `Refused` when there is neither, and where a
 * branch and a tag of this name lead to different commits.
 */
export function createFindHead(
  { config, log }: Pick<ActivityDeps, 'config' | 'log'>,
  providers = activityProviders({ config, log }),
): Activities['findHead'] {
  return async function findHead({ source, repository, ref: name }) {
    const refs = namedRefs(name);
    const found = await remoteRefs({ config, providers }, { source, repository, refs: withPeeled(refs) });
    const heads = refs.flatMap((ref) => {
      const sha = commitAt(found, ref);
      return sha === undefined ? [] : [{ ref, sha }];
    });
    const [head, other] = heads;
    if (!head) throw refused(`${repository} has no ${whatIsMissing(name)}`);
    if (other && other.sha !== head.sha)
      throw refused(
        `${repository} has a branch and a tag ${JSON.stringify(name)}: say which is meant, ${head.ref} or ${other.ref}`,
      );
    return head;
  };
}

function whatIsMissing(name: string): string {
  if (name.startsWith('refs/tags/')) return `tag ${JSON.stringify(name.slice('refs/tags/'.length))}`;
  if (name.startsWith('refs/heads/')) return `branch ${JSON.stringify(name.slice('refs/heads/'.length))}`;
  const isCommit = /^[0-9a-f]{7,64}$/.test(name);
  return `branch or tag ${JSON.stringify(name)}${isCommit ? ': a commit by its name alone may be of a fork, so name a branch or a tag that has it' : ''}`;
}
