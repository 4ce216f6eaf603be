import { refParts } from './ref-parts.js';
import { repositoryId } from './repository-id.js';
import type { Pushed, Sample } from './sample.js';

/**
 * Returns a push as GitLab tells of it. Source:
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events
 */
export function gitlabPush(push: Pushed): Sample {
  const { repository: path, ref, before, after, web, author, message, timestamp } = push;
  const { type } = refParts(ref);
  const page = `${web}/${path}`;
  const name = path.split('/').at(-1) ?? path;
  const commit = {
    id: after,
    message,
    title: message.split('\n')[0],
    timestamp,
    url: `${page}/-/commit/${after}`,
    author,
    added: push.added,
    modified: push.files,
    removed: push.removed,
  };
  const kind = type === 'tag' ? 'tag_push' : 'push';
  return {
    event: type === 'tag' ? 'Tag Push Hook' : 'Push Hook',
    body: JSON.stringify({
      object_kind: kind,
      event_name: kind,
      before,
      after,
      ref,
      ref_protected: false,
      checkout_sha: after,
      user_id: 1,
      user_name: 'You',
      user_username: 'you',
      project_id: repositoryId(path),
      project: {
        id: repositoryId(path),
        name,
        web_url: page,
        git_http_url: `${page}.git`,
        path_with_namespace: path,
        default_branch: 'main',
        visibility_level: 0,
      },
      commits: [commit],
      total_commits_count: 1,
    }),
  };
}
