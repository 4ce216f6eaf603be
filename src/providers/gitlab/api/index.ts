import { z } from 'zod';
import type { Logger } from '../../../log.js';
import type { SourceApi } from '../../api.js';
import { checkedRef, encodedSegment } from '../../names.js';
import { sha } from '../../shapes.js';
import { gitlabChangedFiles } from './changes.js';
import { gitlabComments } from './comments.js';
import { connectGitlab, type GitlabOptions } from './connection.js';
import { gitlabHooks } from './hooks.js';
import { gitlabPullRequest } from './merge-requests.js';
import { gitlabPermissionOf } from './people.js';
import { gitlabProject } from './project.js';
import { gitlabStatuses } from './statuses.js';

/** GitLab's REST API, also of a self-hosted server. Source: https://docs.gitlab.com/api/rest/ */
export function createGitlabApi(options: GitlabOptions & { readonly log: Logger }): SourceApi {
  const { source } = options;
  const connection = connectGitlab(options);
  return {
    account: connection.account,
    repository(fullName) {
      const project = gitlabProject(fullName, { connection, url: source.url });
      return {
        ...gitlabStatuses(project),
        ...gitlabComments(project),
        changedFiles: gitlabChangedFiles(project),
        pullRequest: gitlabPullRequest(project),
        permissionOf: gitlabPermissionOf(project),
        hooks: gitlabHooks(project, source),
        /** Source: https://docs.gitlab.com/api/commits/#retrieve-a-commit */
        async resolveCommit(name) {
          const path = `${project.path}/repository/commits/${encodedSegment(checkedRef(name))}`;
          return (await connection.get({ path }, z.object({ id: sha }), 'commit')).id;
        },
      };
    },
  };
}
