import type { RepositoryApi } from '../../api.js';
import { checkedId } from '../../names.js';
import { pullRequestSchema, toPullRequest } from '../shapes.js';
import type { GithubConnection } from './client.js';

/** Returns the calls about pull requests. Source: https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
export function pullRequests(api: GithubConnection): Required<Pick<RepositoryApi, 'pullRequest'>> {
  return {
    async pullRequest(number) {
      const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
      return toPullRequest(await api.get(route, { pull_number: checkedId(number) }, { schema: pullRequestSchema }));
    },
  };
}
