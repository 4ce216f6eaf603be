import { automation, pullRequest, sync } from 'hookyard/workflow';

/** Keeps a record of every pull request. Deliveries may come in any order: an older one never overwrites a newer. */
export const syncPullRequests = automation(
  {
    on: pullRequest({
      actions: ['opened', 'reopened', 'synchronize', 'edited', 'closed', 'labeled', 'unlabeled', 'ready_for_review'],
      // No code of the pull request is run here, so forks are welcome.
      forks: true,
    }),
  },
  async (event) => {
    const { number, title, state, merged, draft, author, labels, url, updatedAt } = event.pullRequest;
    const record = { repository: event.repository.fullName, number, title, state, merged, draft, author, labels, url };
    await sync.upsert('pull-requests', `${event.repository.id}#${number}`, record, {
      version: updatedAt ?? event.receivedAt,
    });
  },
);
