import { patched, sleep } from '@temporalio/workflow';
import type { CancelClosedInput } from '../../activities/contract/index.js';
import { pullRequest } from '../../triggers/index.js';
import { branchDeleted } from '../../triggers/kinds/branch-deleted.js';
import { service } from '../run/activities.js';
import { automation } from '../run/automation.js';
import { allAutomations } from '../run/registry.js';

const CANCELS = 'cancel-runs-of-what-is-closed';
/** A run that has just begun, or begun to wait, is found by its search attributes after a moment. */
const MOMENT = '5 seconds';
const PAUSE = '30 seconds';
/** Looks for runs that arrived before the closing and are handed to Temporal after it. */
const MAX_LOOKS = 20;

/**
 * Ends what nobody needs once a pull request is closed: waits for approval of its code, and its runs, unless their automation has
 * `cancelOnClose: false`.
 */
export const hookyardClosed = automation(
  { on: pullRequest({ actions: ['closed'], forks: true, own: true, skippable: false }) },
  async (event) => {
    const { source, repository, pullRequest, receivedAt, deliveryId } = event;
    const { number } = pullRequest;
    const about = { source, repository: repository.fullName, repositoryId: repository.id };
    const closedAt = pullRequest.updatedAt ?? receivedAt;
    const closed = { ...about, number, closedAt };
    const automations = automationsThat((cancelOnClose) => cancelOnClose !== false);
    const needless = { ...about, what: { pullRequest: number }, deliveryId, closedAt, receivedAt, automations };
    const cancels = patched(CANCELS);
    await service.closeApprovals(closed);
    if (cancels) await service.cancelClosed(needless);
    await sleep(MOMENT);
    await service.closeApprovals(closed);
    if (cancels) await cancelLater(needless);
  },
);

/** Cancels the runs of a branch that is deleted, of automations with `cancelOnClose: true`. Listens only where there is one. */
export const hookyardBranchDeleted = automation({ on: branchDeleted() }, async (event) => {
  const { source, repository, branch, before, receivedAt, deliveryId } = event;
  const about = { source, repository: repository.fullName, repositoryId: repository.id };
  const automations = automationsThat((cancelOnClose) => cancelOnClose === true);
  const needless = {
    ...about,
    what: { branch, ...(before !== undefined && { before }) },
    deliveryId,
    closedAt: receivedAt,
    receivedAt,
    automations,
  };
  await service.cancelClosed(needless);
  await sleep(MOMENT);
  await cancelLater(needless);
});

/** Looks again, for as long as anything waits for Temporal that arrived before. */
async function cancelLater(needless: CancelClosedInput): Promise<void> {
  for (let looks = 0; (await service.cancelClosed(needless)).isEarly && looks < MAX_LOOKS; looks++) await sleep(PAUSE);
}

function automationsThat(agree: (cancelOnClose: boolean | undefined) => boolean): string[] {
  return allAutomations()
    .filter(({ builtIn, cancelOnClose }) => !builtIn && agree(cancelOnClose))
    .map(({ name }) => name);
}
