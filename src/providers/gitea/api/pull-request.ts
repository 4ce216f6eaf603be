import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { pullRequestSchema, toPullRequest } from '../shapes.js';
import type { GiteaRepository } from './repository.js';

/** Returns the call that reads a pull request. Source: https://docs.gitea.com/api/ (repoGetPullRequest) */
export function giteaPullRequest({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['pullRequest']> {
  return async (number) => {
    const request = { path: `${path}/pulls/${checkedId(number)}` };
    const read = toPullRequest(await connection.get(request, pullRequestSchema, 'pull request'));
    if (!read) throw new ProviderError('refused', `the head branch of pull request ${number} was deleted`);
    return read;
  };
}
