import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { checkedRef } from '../../names.js';
import { sha } from '../../shapes.js';
import type { GithubConnection } from './client.js';

/**
 * Returns the calls about commits. To the media type `sha`, GitHub answers the commit's name alone.
 * Source: https://docs.github.com/en/rest/commits/commits#get-a-commit
 */
export function commits(api: GithubConnection): Required<Pick<RepositoryApi, 'resolveCommit'>> {
  return {
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
