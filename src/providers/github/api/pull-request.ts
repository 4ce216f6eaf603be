import type { RepositoryApi } from '../../api.js';
import { checkedId } from '../../names.js';
import { parseResponse } from '../../parse.js';
import { pullRequestSchema, toPullRequest } from '../shapes.js';
import type { GithubRepository } from './client.js';

/** Returns the calls about pull requests. Source: https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
export function pullRequests(api: GithubRepository): Required<Pick<RepositoryApi, 'pullRequest'>> {
  return {
    async pullRequest(number) {
      const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
      const { data } = await api.request(route, { pull_number: checkedId(number) });
      return toPullRequest(parseResponse(pullRequestSchema, data, { what: `GitHub's answer to ${route}` }));
    },
  };
}
