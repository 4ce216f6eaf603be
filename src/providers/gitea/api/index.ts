import type { SourceApi } from '../../api.js';
import type { ApiOptions } from '../../provider.js';
import type { GiteaFamilySource } from '../settings.js';
import { giteaChangedFiles } from './changed-files.js';
import { giteaComments, giteaReact } from './comments.js';
import { giteaCommitMessage, giteaResolveCommit } from './commits.js';
import { connectGitea } from './connection.js';
import { gogsHooks } from './gogs-hooks.js';
import { giteaHooks } from './hooks.js';
import { giteaIsMember, giteaPermissionOf } from './permissions.js';
import { giteaPullRequest } from './pull-request.js';
import { giteaNameOf, giteaRepository, gogsNameOf } from './repository.js';
import { giteaRights } from './rights.js';
import { giteaState, gogsState } from './state.js';
import { giteaStatuses } from './statuses.js';
import { giteaVersion } from './version.js';

/**
 * Returns the REST API of Gitea or Forgejo, or what Gogs has of it: comments, webhooks and branches. Gogs also lists
 * collaborators, but neither owners nor teams, which says too little of what somebody may do.
 */
export function createGiteaApi(options: ApiOptions<GiteaFamilySource>): SourceApi {
  const { kind } = options.source;
  const connection = connectGitea(options);
  return {
    account: connection.account,
    // Gogs has no call for it.
    ...(kind !== 'gogs' && { version: () => giteaVersion(connection) }),
    nameOf: kind === 'gogs' ? gogsNameOf(connection) : giteaNameOf(connection),
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
        resolveCommit: giteaResolveCommit(repository),
        commitMessage: giteaCommitMessage(repository),
        permissionOf: giteaPermissionOf(repository),
        isMember: giteaIsMember(repository),
        rights: giteaRights(repository),
        hooks: giteaHooks(repository, kind),
        state: giteaState(repository),
      };
    },
  };
}
