import type { RepositoryApi } from '../../api.js';
import { checkedRef } from '../../names.js';
import { parseResponse } from '../../parse.js';
import { sha } from '../../shapes.js';
import type { GithubRepository } from './client.js';

/**
 * Returns the calls about commits. To the media type `sha`, GitHub answers the commit's name alone.
 * Source: https://docs.github.com/en/rest/commits/commits#get-a-commit
 */
export function commits(api: GithubRepository): Required<Pick<RepositoryApi, 'resolveCommit'>> {
  return {
    async resolveCommit(name) {
      const route = 'GET /repos/{owner}/{repo}/commits/{ref}';
      const { data } = await api.request(route, { ref: checkedRef(name), mediaType: { format: 'sha' } });
      return parseResponse(sha, typeof data === 'string' ? data.trim() : data, { what: `GitHub's answer to ${route}` });
    },
  };
}
