import type { RepositoryApi } from '../../api.js';
import { checkedId } from '../../names.js';
import { pullRequestSchema, toPullRequest } from '../shapes.js';
import { CORE, type DataCenterRepository } from './repository.js';

/** Reads a pull request as a webhook's is read. Source: https://developer.atlassian.com/server/bitbucket/rest/ */
export function dataCenterPullRequest({
  connection,
  path,
  server,
}: DataCenterRepository): NonNullable<RepositoryApi['pullRequest']> {
  return async (number) => {
    const request = { path: `${CORE}${path}/pull-requests/${checkedId(number)}` };
    return toPullRequest(await connection.get(request, pullRequestSchema, 'pull request'), server);
  };
}
