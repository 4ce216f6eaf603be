import { automation, pullRequest, webhook } from 'hookyard/workflow';

/** Tells another system of every merge, as a signed webhook that is retried until it is taken. */
export const relay = automation({ on: pullRequest({ actions: ['closed'], forks: true }) }, async (event) => {
  if (!event.pullRequest.merged) return;
  await webhook.send('merges', {
    type: 'pull_request.merged',
    data: {
      repository: event.repository.fullName,
      number: event.pullRequest.number,
      title: event.pullRequest.title,
      commit: event.commit.sha,
    },
  });
});
