import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { mapAtOnce } from '../../async/at-once.js';
import { CANCEL_SIGNAL, type CancelReason } from '../../runs/names.js';
import type { DispatchRecord } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { CancelAnswer } from './contract.js';
import { type FindRunDeps, findRun } from './find-run.js';
import { pageOfRuns } from './list-runs.js';
import { statusOf } from './status-of.js';

const name = z.string().min(1).max(1_000);
const bodySchema = z
  .strictObject({
    run: name.optional(),
    repository: name.optional(),
    branch: name.optional(),
    automation: name.optional(),
    by: z.string().min(1).max(100),
    dryRun: z.boolean().default(false),
    page: name.optional(),
  })
  .refine(({ run, branch, automation }) => run ?? branch ?? automation, 'nothing is named');

const PAGE = 100;
const AT_ONCE = 8;
const DEADLINE_MS = 8_000;

/**
 * Cancels a run, or a page of the open runs of a branch or an automation; with `dryRun` it only tells which. They are told
 * who does so, and end by themselves. Undefined if there is no such run. Throws {@link HttpError}: 409 if the run is not
 * open, or several are called so, 503 while Temporal is away.
 */
export async function cancelRuns(deps: FindRunDeps, body: unknown): Promise<CancelAnswer | undefined> {
  const read = bodySchema.safeParse(body);
  if (!read.success)
    throw new HttpError(400, 'send { "run": … }, { "branch": … } or { "automation": … }, and "by", as JSON');
  const { run, by, dryRun, page, ...filter } = read.data;
  const reason: CancelReason = { because: `cancelled by ${by} through hookyard cancel` };
  if (run !== undefined) {
    const workflowId = await findRun(deps, run);
    if (workflowId === undefined) return undefined;
    if (!dryRun && (await deps.store.lanes.takeOut({ workflowId, ...reason }))) return { runs: [workflowId] };
    await mustBeOpen(deps, workflowId);
    if (!dryRun) await cancel(deps, { workflowId }, reason);
    return { runs: [workflowId] };
  }
  const { runs, next } = await pageOfRuns(deps, { ...filter, open: true }, { limit: PAGE, page });
  const cancelled = dryRun ? runs : await mapAtOnce(runs, AT_ONCE, (one) => cancel(deps, one, reason));
  const ids = cancelled.flatMap((one) => (one ? [one.workflowId] : []));
  return { runs: ids, ...(next !== undefined && { next }) };
}

/** Returns the run, or undefined where it has just ended. */
async function cancel<R extends { readonly workflowId: string; readonly runId?: string }>(
  { client }: FindRunDeps,
  run: R,
  reason: CancelReason,
): Promise<R | undefined> {
  const handle = client.workflow.getHandle(run.workflowId, run.runId);
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
      await handle.signal(CANCEL_SIGNAL, reason);
      await handle.cancel();
    });
    return run;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw new HttpError(503, 'Temporal does not answer; ask again later', { 'retry-after': '5' });
  }
}

async function mustBeOpen({ client, store }: FindRunDeps, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const status = statusOf(await client.withDeadline(Date.now() + DEADLINE_MS, () => handle.describe()));
    if (status !== 'running') throw new HttpError(409, `the run ${workflowId} has ended already: ${status}`);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    if (!(error instanceof WorkflowNotFoundError))
      throw new HttpError(503, 'Temporal does not answer; try again later', { 'retry-after': '5' });
    const start = await store.inbox.findStart(workflowId);
    throw new HttpError(409, `the run ${workflowId} ${whyNotOpen(start?.state)}`);
  }
}

function whyNotOpen(state: DispatchRecord['state'] | undefined): string {
  switch (state) {
    case 'pending':
    case 'waiting':
      return 'has not begun yet: ask again once it has';
    case 'superseded':
    case 'refused':
      return 'never begins: npx hookyard explain says why';
    default:
      return 'is not open: Temporal does not know it any more';
  }
}
