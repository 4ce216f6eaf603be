import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedRef, checkedSha } from '../../names.js';
import { commitMessage, sha } from '../../shapes.js';
import type { GiteaRepository } from './repository.js';

/**
 * Returns the call that looks a commit up: a list of one commit, which takes any name and takes it in the query.
 * Source: https://docs.gitea.com/api/ (repoGetAllCommits)
 */
export function giteaResolveCommit({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['resolveCommit']> {
  return async (name) => {
    const query = { sha: checkedRef(name), limit: 1, stat: false, verification: false, files: false };
    const list = z.array(z.object({ sha }));
    const [first] = await connection.get({ path: `${path}/commits`, query }, list, 'list of commits');
    if (first) return first.sha;
    throw new ProviderError('refused', `there is no commit ${JSON.stringify(name)}`);
  };
}

/** Returns the call that reads a commit's message. Source: https://docs.gitea.com/api/ (repoGetSingleCommit) */
export function giteaCommitMessage({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['commitMessage']> {
  return async (name) => {
    const query = { stat: false, verification: false, files: false };
    const schema = z.object({ commit: z.object({ message: commitMessage }) });
    const { commit } = await connection.get(
      { path: `${path}/git/commits/${checkedSha(name)}`, query },
      schema,
      'commit',
    );
    return commit.message;
  };
}
