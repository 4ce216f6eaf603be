import { condition, defineSignal, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { Approval, Superseded } from '../activities/contract.js';
import type { PullRequestEvent } from '../events/event.js';
import { plain } from '../events/markdown.js';
import { service } from './activities.js';
import { reportBeside } from './report.js';
import { story } from './story.js';

/** Sent to a run that waits: somebody who may has looked at the code. Bound to the commit that was looked at. */
export const approveSignal = defineSignal<[Approval]>('hookyard-approve');
/** Sent to a run that waits when a newer commit waits in its place. */
export const supersedeSignal = defineSignal<[Superseded]>('hookyard-supersede');

const LONGEST_WAIT = '14 days';

/**
 * Waits until somebody with write access approves the head of a pull request that comes from a fork: its code is a
 * stranger's until then. Answers why it will not run, or undefined once it is approved.
 */
export async function awaitApproval(event: PullRequestEvent): Promise<string | undefined> {
  const { source, repository, pullRequest } = event;
  const { sha } = pullRequest.head;
  const automation = workflowInfo().workflowType;
  let approval: Approval | undefined;
  let superseded: Superseded | undefined;
  setHandler(approveSignal, (given) => {
    if (given.sha === sha) approval ??= given;
  });
  setHandler(supersedeSignal, (by) => {
    superseded ??= by;
  });
  const step = story.begin(
    `Approval of ${sha.slice(0, 12)} from the fork ${pullRequest.head.repository ?? '(deleted)'}`,
  );
  const status = {
    source,
    repository: repository.fullName,
    sha,
    context: `hookyard/${automation}/approval`,
  } as const;
  upsertMemo({ waitsForApproval: { sha, since: event.receivedAt } });
  const { by } = await service.openApproval({
    source,
    repository: repository.fullName,
    repositoryId: repository.id,
    number: pullRequest.number,
    automation,
    sha,
  });
  if (by !== undefined) approval ??= { sha, by };
  if (!approval) {
    step.end(
      'running',
      `a person with write access comments \`/approve ${plain(automation)}\`, or runs \`hookyard approve\``,
    );
    reportBeside({ ...status, state: 'pending', description: `waits for /approve ${automation}` });
    await condition(() => approval !== undefined || superseded !== undefined, LONGEST_WAIT);
  }
  upsertMemo({ waitsForApproval: null });
  if (approval) {
    step.end('passed', `by ${plain(approval.by)}`);
    reportBeside({ ...status, state: 'success', description: `approved by ${approval.by}` });
    return undefined;
  }
  const because = superseded
    ? `${superseded.sha.slice(0, 12)} waits in its place`
    : `nobody approved it in ${LONGEST_WAIT}`;
  step.end('cancelled', because);
  reportBeside({ ...status, state: 'skipped', description: because });
  return because;
}
