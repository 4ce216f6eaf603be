import { sleep } from '@temporalio/workflow';
import { pullRequest } from '../../triggers/index.js';
import { service } from '../run/activities.js';
import { automation } from '../run/automation.js';

/** A run that has just begun to wait is found by its search attributes after a moment. */
const MOMENT = '5 seconds';

/** Ends the waits for approval of a pull request that is closed: there is nothing left to approve. */
export const hookyardClosed = automation(
  { on: { ...pullRequest({ actions: ['closed'], forks: true, own: true, skippable: false }), fork: true } },
  async (event) => {
    const { source, repository, pullRequest, receivedAt } = event;
    const closed = {
      source,
      repository: repository.fullName,
      repositoryId: repository.id,
      number: pullRequest.number,
      closedAt: pullRequest.updatedAt ?? receivedAt,
    };
    await service.closeApprovals(closed);
    await sleep(MOMENT);
    await service.closeApprovals(closed);
  },
);
