import { pushPayload } from './github.js';
import { refParts } from './ref-parts.js';
import type { Pushed, Sample } from './sample.js';

/**
 * Returns a push as Gitea, Forgejo and Gogs tell of it: in GitHub's words, and a tag as `create`. Source:
 * https://docs.gitea.com/usage/webhooks
 */
export function giteaPush(push: Pushed): Sample {
  const { created: _c, deleted: _d, forced: _f, base_ref: _b, ...payload } = JSON.parse(pushPayload(push));
  const { type, name } = refParts(push.ref);
  if (type === 'branch')
    return { event: 'push', body: JSON.stringify({ ...payload, total_commits: payload.commits.length }) };
  const { repository, sender } = payload;
  return {
    event: 'create',
    body: JSON.stringify({ ref: name, ref_type: 'tag', sha: push.after, repository, sender }),
  };
}
