import { isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type { Commit, Repository } from '../../events/event.js';
import { contextOf, isJobName, queueContextOf } from '../../runs/status-context.js';
import { cancelledBecause } from './cancel-reason.js';
import { beginInCell, cellCancelledBecause, currentCell } from './cells/cell.js';
import { nameInCell, statusNameInCell } from './cells/names.js';
import { reportInCell } from './cells/statuses.js';
import { reasonOf } from './failure.js';
import { progress } from './progress.js';
import { isUnpeeled } from './tag-commit.js';

/** Runs that an older version started end as if nobody had asked for what has thrown so, unless their author waits for it. */
const ENDS_RUN = 'thrown-without-a-step-ends-runs';

/** What a job was to build. */
interface Head {
  readonly kind: string;
  readonly source: string;
  readonly repository: Pick<Repository, 'fullName'>;
  /** The types do not hold when modules are loaded. */
  readonly commit?: Pick<Commit, 'sha'>;
}

/**
 * Has the run, and the cell at work, not pass since a part of it has thrown that no step tells of: its author may not wait for it. Returns
 * why, in words; undefined in runs that an older version started.
 */
export function endThrown(what: string, error: unknown): string | undefined {
  if (!patched(ENDS_RUN)) return undefined;
  const step = progress.step(what, { decides: true });
  beginInCell(JSON.stringify(['thrown', what]))(false);
  if (!isCancellation(error)) {
    step.fail(reasonOf(error));
    return reasonOf(error);
  }
  step.end('cancelled');
  return cellCancelledBecause() ?? cancelledBecause();
}

/**
 * Ends a job that has thrown before it had a step of its own, as one ends that throws later: {@link endThrown}, and why stands on the
 * commit. The status is the job's, or that of its automation where the job's name can't be one; there is none without a known commit.
 */
export function endUnbegun(job: string, head: Head | undefined, error: unknown): void {
  const cell = currentCell();
  // The types do not hold when modules are loaded.
  const isNamed = typeof job === 'string' && isJobName(job);
  const description = endThrown(isNamed ? `Job ${nameInCell(job, cell)}` : 'A job', error);
  // The object of an annotated tag is no commit.
  const sha = head === undefined || isUnpeeled(head) ? undefined : head.commit?.sha;
  if (description === undefined || head === undefined || sha === undefined) return;
  const { workflowType } = workflowInfo();
  const context = isNamed ? contextOf(workflowType, statusNameInCell(job, cell)) : queueContextOf(workflowType);
  reportInCell({
    source: head.source,
    repository: head.repository.fullName,
    sha,
    context,
    state: 'error',
    description,
  });
}
