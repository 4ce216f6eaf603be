import { branchOf, commitOf, pullRequestOf, repositoryOf } from '../../events/accessors.js';
import { isEditedRun } from '../../events/edited-key.js';
import { isSameRepository } from '../../events/repository-name.js';
import { allNotBegun } from '../../store/all-not-begun.js';
import type { RunNotBegun, Store } from '../../store/store.js';
import type { RunsAnswer, WaitingRun } from './contract.js';
import type { ListedFilter } from './runs-query.js';

/**
 * Returns the runs that wait in lanes to begin and that a filter means, the oldest first: at most `limit`, and whether there are more.
 * Nothing where none of them can be meant.
 */
export async function listNotBegun(
  lanes: Pick<Store['lanes'], 'notBegun'>,
  filter: ListedFilter,
  limit: number,
): Promise<Pick<RunsAnswer, 'notBegun' | 'moreNotBegun'>> {
  const { waiting, outcome, endedSince, ended } = filter;
  const isAsked = waiting === 'lane' || waiting === 'anything';
  if (!isAsked || outcome !== undefined || endedSince !== undefined || ended) return {};
  const notBegun: WaitingRun[] = [];
  for await (const run of allNotBegun(lanes, { automation: filter.automation })) {
    if (!isMeant(run, filter)) continue;
    if (notBegun.length === limit) return { notBegun, moreNotBegun: true };
    notBegun.push(listed(run));
  }
  return { notBegun };
}

function isMeant({ workflowId, event }: RunNotBegun, filter: ListedFilter): boolean {
  const { repository, branch, since, pullRequest, pullRequests, edited = true } = filter;
  const number = pullRequestOf(event);
  return (
    (repository === undefined ||
      [repository].flat().some((one) => isSameRepository(one, repositoryOf(event)?.fullName ?? ''))) &&
    (branch === undefined || branchOf(event) === branch) &&
    (since === undefined || Date.parse(event.receivedAt) >= since) &&
    (pullRequest === undefined || number === pullRequest) &&
    (pullRequests !== false || number === undefined) &&
    (edited || !isEditedRun({ run: workflowId }))
  );
}

function listed({ workflowId, automation, event }: RunNotBegun): WaitingRun {
  const known = {
    repository: repositoryOf(event)?.fullName,
    branch: branchOf(event),
    commit: commitOf(event)?.sha,
    pullRequest: pullRequestOf(event),
  };
  return {
    ...{ run: workflowId, automation, source: event.source, delivery: event.deliveryId, since: event.receivedAt },
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}
