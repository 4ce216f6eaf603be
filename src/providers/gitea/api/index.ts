import { z } from 'zod';
import type { Logger } from '../../../log.js';
import type { RepositoryApi, SourceApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedRefName } from '../../names.js';
import { sha } from '../../shapes.js';
import { giteaChangedFiles } from './changes.js';
import { giteaComments, giteaReact } from './comments.js';
import { connectGitea, type GiteaOptions } from './connection.js';
import { gogsHooks } from './gogs-hooks.js';
import { giteaHooks } from './hooks.js';
import { giteaPermissionOf } from './people.js';
import { giteaPullRequest } from './pull-requests.js';
import { type GiteaRepository, giteaRepository } from './repository.js';
import { giteaState, gogsState } from './state.js';
import { giteaStatuses } from './statuses.js';

/**
 * The REST API of Gitea and Forgejo, and what Gogs has of it: comments and webhooks. Gogs also lists collaborators, but
 * neither owners nor teams, which says too little of what somebody may do.
 */
export function createGiteaApi(options: GiteaOptions & { readonly log: Logger }): SourceApi {
  const { kind } = options.source;
  const connection = connectGitea(options);
  return {
    account: connection.account,
    repository(fullName) {
      const repository = giteaRepository(fullName, connection);
      if (kind === 'gogs')
        return {
          ...giteaComments(repository, { editsByIssue: true }),
          hooks: gogsHooks(repository),
          state: gogsState(repository),
        };
      return {
        ...giteaStatuses(repository),
        ...giteaComments(repository, { editsByIssue: false }),
        react: giteaReact(repository),
        changedFiles: giteaChangedFiles(repository),
        pullRequest: giteaPullRequest(repository),
        resolveCommit: resolveCommit(repository),
        permissionOf: giteaPermissionOf(repository),
        hooks: giteaHooks(repository, kind),
        state: giteaState(repository),
      };
    },
  };
}

/** A list of one commit, which takes any name and has it in the query. Source: https://docs.gitea.com/api/ (repoGetAllCommits) */
function resolveCommit({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['resolveCommit']> {
  return async (name) => {
    const query = { sha: checkedRefName(name), limit: 1, stat: false, verification: false, files: false };
    const [first] = await connection.get(
      { path: `${path}/commits`, query },
      z.array(z.object({ sha })),
      'list of commits',
    );
    if (first) return first.sha;
    throw new ProviderError('refused', `there is no commit ${JSON.stringify(name)}`);
  };
}
