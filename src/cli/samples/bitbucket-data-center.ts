import { refParts } from './ref-parts.js';
import { repositoryId } from './repository-id.js';
import type { Pushed, Sample } from './sample.js';

/**
 * Returns a push as Bitbucket Data Center tells of it. Source:
 * https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html
 */
export function bitbucketDataCenterPush(push: Pushed): Sample {
  const { repository, ref, before, after, author, message, timestamp } = push;
  const [key = '', slug = ''] = repository.split('/');
  const { type, name } = refParts(ref);
  const isNew = /^0+$/.test(before);
  return {
    event: 'repo:refs_changed',
    body: JSON.stringify({
      eventKey: 'repo:refs_changed',
      date: new Date().toISOString(),
      actor: { name: 'you', slug: 'you', id: 1, displayName: 'You', type: 'NORMAL', active: true },
      repository: {
        ...{ slug, id: repositoryId(repository), name: slug, public: false },
        project: { key, id: repositoryId(key), name: key, public: false },
      },
      changes: [
        {
          ref: { id: ref, displayId: name, type: type.toUpperCase() },
          refId: ref,
          fromHash: before,
          toHash: after,
          type: isNew ? 'ADD' : 'UPDATE',
        },
      ],
      toCommit: {
        id: after,
        displayId: after.slice(0, 11),
        author: { name: author.name, emailAddress: author.email },
        authorTimestamp: Date.parse(timestamp),
        message,
      },
    }),
  };
}
