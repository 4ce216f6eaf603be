import type { SourceApi } from '../../api.js';
import type { ApiOptions } from '../../provider.js';
import type { GitlabSource } from '../settings.js';
import { gitlabAnnotate } from './annotations.js';
import { gitlabChangedFiles } from './changed-files.js';
import { gitlabComments } from './comments.js';
import { gitlabCommitMessage, gitlabResolveCommit } from './commits.js';
import { connectGitlab } from './connection.js';
import { gitlabHooks } from './hooks.js';
import { gitlabPullRequest } from './merge-request.js';
import { gitlabIsMember, gitlabPermissionOf } from './permissions.js';
import { gitlabNameOf, gitlabProject } from './project.js';
import { gitlabRights } from './rights.js';
import { gitlabStatuses } from './statuses.js';
import { gitlabVersion } from './version.js';

/** Returns GitLab's REST API, also that of a self-hosted server. Source: https://docs.gitlab.com/api/rest/ */
export function createGitlabApi(options: ApiOptions<GitlabSource>): SourceApi {
  const { source } = options;
  const connection = connectGitlab(options);
  return {
    account: connection.account,
    version: () => gitlabVersion(connection, source),
    nameOf: gitlabNameOf(connection),
    repository(fullName) {
      const project = gitlabProject(fullName, { connection, url: source.url });
      return {
        ...gitlabStatuses(project),
        annotate: gitlabAnnotate(project),
        ...gitlabComments(project),
        changedFiles: gitlabChangedFiles(project),
        pullRequest: gitlabPullRequest(project),
        resolveCommit: gitlabResolveCommit(project),
        commitMessage: gitlabCommitMessage(project),
        permissionOf: gitlabPermissionOf(project),
        isMember: gitlabIsMember(project),
        rights: gitlabRights(project),
        hooks: gitlabHooks(project, source),
      };
    },
  };
}
