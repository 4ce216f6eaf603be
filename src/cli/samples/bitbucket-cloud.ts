import { refParts } from './ref-parts.js';
import { repositoryUuid } from './repository-id.js';
import type { Pushed, Sample } from './sample.js';

/**
 * Returns a push as Bitbucket Cloud tells of it. Source:
 * https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Push
 */
export function bitbucketCloudPush(push: Pushed): Sample {
  const { repository: fullName, ref, before, after, web, author, message, timestamp } = push;
  const page = `${web}/${fullName}`;
  const { type, name } = refParts(ref);
  const target = {
    type: 'commit',
    hash: after,
    message,
    date: timestamp,
    author: { type: 'author', raw: `${author.name} <${author.email}>` },
    links: { html: { href: `${page}/commits/${after}` } },
  };
  const created = /^0+$/.test(before);
  const old = created ? null : { type, name, target: { type: 'commit', hash: before } };
  return {
    event: 'repo:push',
    body: JSON.stringify({
      push: {
        changes: [
          {
            new: { type, name, target },
            old,
            created,
            closed: false,
            forced: false,
            commits: [target],
            truncated: false,
          },
        ],
      },
      repository: {
        type: 'repository',
        uuid: `{${repositoryUuid(fullName)}}`,
        full_name: fullName,
        name: fullName.split('/').at(-1),
        is_private: true,
        links: { html: { href: page } },
      },
      actor: { type: 'user', nickname: 'you', display_name: 'You' },
    }),
  };
}
