import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { isWhole, pullRequestSchema, toPullRequest } from '../shapes.js';
import type { AzureRepository } from './repository.js';

/**
 * Reads a pull request as a webhook's is read.
 * Source: https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests/get-pull-request
 */
export function azurePullRequest({
  connection,
  path,
  organisation,
}: AzureRepository): NonNullable<RepositoryApi['pullRequest']> {
  return async (number) => {
    const request = { path: `${path}/pullRequests/${checkedId(number)}` };
    const pull = await connection.get(request, pullRequestSchema, 'pull request');
    if (!isWhole(pull))
      throw new ProviderError('unavailable', `Azure DevOps left out fields of pull request ${number}`);
    const read = toPullRequest(pull, organisation);
    if (read) return read;
    throw new ProviderError('unavailable', `Azure DevOps does not know the head of pull request ${number} yet`);
  };
}
