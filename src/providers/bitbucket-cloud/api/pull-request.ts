import type { PullRequest } from '../../../events/event.js';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { pullRequestSchema, toPullRequest } from '../shapes.js';
import { resolvedCommit } from './commits.js';
import type { CloudRepository } from './repository.js';

/**
 * Reads a pull request as a webhook's is read, but with the whole name of its head, of which Bitbucket has 12 digits.
 * Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
 */
export function cloudPullRequest(repository: CloudRepository): NonNullable<RepositoryApi['pullRequest']> {
  return async (number): Promise<PullRequest> => {
    const { connection, path, web } = repository;
    const request = { path: `${path}/pullrequests/${checkedId(number)}` };
    const pull = await connection.get(request, pullRequestSchema, 'pull request');
    const read = toPullRequest(pull, web);
    if (!read) throw new ProviderError('refused', `pull request ${number} no longer names its commits`);
    const sha = (await resolvedCommit(repository, read.head.sha)) ?? read.head.sha;
    return { ...read, head: { ...read.head, sha } };
  };
}
