import { randomInt, randomUUID } from 'node:crypto';
import { repositoryUuid } from './repository-id.js';
import type { Pushed, Sample } from './sample.js';

/**
 * Returns a push as Azure DevOps tells of it; its event and its id stand in the body. Source:
 * https://learn.microsoft.com/azure/devops/service-hooks/events#code-pushed
 */
export function azurePush(push: Pushed): Sample {
  const { repository, ref, before, after, web, author, message, timestamp } = push;
  const [project = '', name = ''] = repository.split('/');
  const by = { ...author, date: timestamp };
  return {
    body: JSON.stringify({
      subscriptionId: '00000000-0000-4000-8000-000000000001',
      notificationId: randomInt(1, 2 ** 31),
      id: randomUUID(),
      eventType: 'git.push',
      publisherId: 'tfs',
      resource: {
        commits: [{ commitId: after, author: by, committer: by, comment: message }],
        refUpdates: [{ name: ref, oldObjectId: before, newObjectId: after }],
        repository: {
          id: repositoryUuid(repository),
          name,
          project: { id: repositoryUuid(project), name: project, state: 'wellFormed' },
          defaultBranch: 'refs/heads/main',
          remoteUrl: `${web}/${encodeURIComponent(project)}/_git/${encodeURIComponent(name)}`,
        },
        pushedBy: { displayName: 'You', uniqueName: 'you@example.com' },
        pushId: 1,
        date: new Date().toISOString(),
      },
      createdDate: new Date().toISOString(),
    }),
  };
}
