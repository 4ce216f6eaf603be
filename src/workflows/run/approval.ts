import { condition, defineSignal, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { Approval, Superseded } from '../../activities/contract/index.js';
import type { PullRequestEvent } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import { APPROVE_SIGNAL, SUPERSEDE_SIGNAL, WAITS_MEMO, type WaitsForApproval } from '../../runs/names.js';
import { approvalContextOf } from '../../runs/status-context.js';
import { service } from './activities.js';
import { progress } from './progress.js';
import { reportChecks } from './report-checks.js';
import { reportInBackground } from './report-status.js';

const MAX_WAIT = '14 days';

/**
 * Waits until somebody with write access approves the head of a pull request that comes from a fork: until then its code
 * is a stranger's. Returns why it will not run, or undefined once it is approved. A merge that waits for `checks` waits
 * on; nothing that a stranger can do lets it go ahead.
 */
export async function awaitApproval(event: PullRequestEvent, checks: readonly string[]): Promise<string | undefined> {
  const { source, repository, pullRequest } = event;
  const { sha } = pullRequest.head;
  const automation = workflowInfo().workflowType;
  let approval: Approval | undefined;
  let superseded: Superseded | undefined;
  setHandler(defineSignal<[Approval]>(APPROVE_SIGNAL), (given) => {
    if (given.sha === sha) approval ??= given;
  });
  setHandler(defineSignal<[Superseded]>(SUPERSEDE_SIGNAL), (by) => {
    superseded ??= by;
  });
  const step = progress.step(`Approval of ${sha} from the fork ${pullRequest.head.repository ?? '(deleted)'}`);
  const status = { source, repository: repository.fullName, sha, context: approvalContextOf(automation) } as const;
  const waits = {
    source,
    repository: repository.fullName,
    repositoryId: repository.id,
    number: pullRequest.number,
    automation,
    sha,
    // Deliveries may come in any order; the provider says which state is the newer.
    since: pullRequest.updatedAt ?? event.receivedAt,
  };
  const memo: WaitsForApproval = { sha, since: waits.since, received: event.receivedAt, repositoryId: repository.id };
  upsertMemo({ [WAITS_MEMO]: memo });
  reportInBackground({
    ...status,
    state: 'pending',
    description: `a person with write access: /approve ${automation} ${sha.slice(0, 12)}`,
  });
  reportChecks(event, checks, { state: 'pending', description: 'waits for approval' });
  const opened = await service.openApproval(waits);
  if (opened.by !== undefined) approval ??= { sha, by: opened.by };
  if (opened.superseded !== undefined) superseded ??= { sha: opened.superseded };
  if (!approval && !superseded) {
    step.end(
      'running',
      `a person with write access comments \`/approve ${plain(automation)} ${sha}\`, or runs \`hookyard approve\``,
    );
    await condition(() => approval !== undefined || superseded !== undefined, MAX_WAIT);
  }
  upsertMemo({ [WAITS_MEMO]: null });
  if (approval) {
    step.end('passed', `by ${plain(approval.by)}`);
    if (opened.by === undefined) await service.noteApproval({ ...waits, by: approval.by });
    reportInBackground({ ...status, state: 'success', description: `approved by ${approval.by}` });
    return undefined;
  }
  const because = superseded
    ? `${superseded.sha.slice(0, 12)} waits in its place`
    : `nobody approved it in ${MAX_WAIT}`;
  step.end('cancelled', because);
  reportInBackground({ ...status, state: 'error', description: because });
  reportChecks(event, checks, { state: 'error', description: `not approved: ${because}` });
  return because;
}
