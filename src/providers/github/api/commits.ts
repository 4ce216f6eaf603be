import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { checkedRef, checkedSha } from '../../names.js';
import { commitMessage, sha } from '../../shapes.js';
import type { GithubConnection } from './client.js';

/**
 * Returns the calls about commits. To the media type `sha`, GitHub answers the commit's name alone.
 * Source: https://docs.github.com/en/rest/commits/commits#get-a-commit
 */
export function commits(api: GithubConnection): Required<Pick<RepositoryApi, 'resolveCommit' | 'commitMessage'>> {
  return {
    /** Source: https://docs.github.com/en/rest/git/commits#get-a-commit-object */
    async commitMessage(name) {
      const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
      const schema = z.object({ message: commitMessage });
      return (await api.get(route, { commit_sha: checkedSha(name) }, { schema })).message;
    },
    async resolveCommit(name) {
      const route = 'GET /repos/{owner}/{repo}/commits/{ref}';
      return api.get(
        route,
        { ref: checkedRef(name), mediaType: { format: 'sha' } },
        { schema: z.string().trim().pipe(sha) },
      );
    },
  };
}
