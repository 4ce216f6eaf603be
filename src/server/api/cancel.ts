import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { mapAtOnce } from '../../async/at-once.js';
import { branchOf, repositoryOf } from '../../events/accessors.js';
import { isSameRepository } from '../../events/repository-name.js';
import { CANCEL_SIGNAL, type CancelReason } from '../../runs/names.js';
import { allNotBegun } from '../../store/all-not-begun.js';
import type { Store } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { CancelAnswer } from './contract.js';
import { type FindRunDeps, findRun } from './find-run.js';
import { pageOfRuns } from './list-runs.js';
import { operatorNameSchema } from './operator-name.js';
import { repositorySpellings } from './repository-spellings.js';
import type { RunsFilter } from './runs-query.js';
import { statusOf } from './status-of.js';
import { temporalAway } from './temporal-away.js';
import { whyNotOpen } from './why-not-open.js';

const name = z.string().min(1).max(1_000);
/** Body of `POST /api/runs/cancel`: a run, or the open ones of a branch or an automation. */
export const cancelBody = z
  .strictObject({
    run: name.optional(),
    repository: name.optional(),
    branch: name.optional(),
    automation: name.optional(),
    by: operatorNameSchema,
    dryRun: z.boolean().default(false).describe('only tells which they are'),
    page: name.optional(),
  })
  .refine(({ run, branch, automation }) => run ?? branch ?? automation, 'nothing is named');

const PAGE = 100;
const AT_ONCE = 8;
const DEADLINE_MS = 8_000;

/**
 * Cancels a run, or a page of the open runs of a branch or an automation; with `dryRun` it only tells which. They are told
 * who does so, and `through` what, and end by themselves. Undefined if there is no such run. Throws {@link HttpError}: 409 if the run is not
 * open, or several are called so, 503 while Temporal is away.
 */
export async function cancelRuns(
  deps: FindRunDeps & { readonly store: { readonly inbox: Pick<Store['inbox'], 'list'> } },
  body: unknown,
  through = 'hookyard cancel',
): Promise<CancelAnswer | undefined> {
  const read = cancelBody.safeParse(body);
  if (!read.success)
    throw new HttpError(400, 'send { "run": … }, { "branch": … } or { "automation": … }, and "by", as JSON');
  const { run, by, dryRun, page, repository: named, ...about } = read.data;
  const reason: CancelReason = { because: `cancelled by ${by} through ${through}` };
  if (run !== undefined) {
    const workflowId = await findRun(deps, run);
    if (workflowId === undefined) return undefined;
    if (!dryRun && (await deps.store.lanes.takeOut({ workflowId, ...reason }))) return { runs: [workflowId] };
    if (dryRun && (await deps.store.inbox.findStart(workflowId))?.state === 'waiting') return { runs: [workflowId] };
    await mustBeOpen(deps, workflowId);
    if (!dryRun) await cancel(deps, { workflowId }, reason);
    return { runs: [workflowId] };
  }
  const repository = named === undefined ? undefined : await repositorySpellings(deps.store.inbox, named);
  const filter = { ...about, repository };
  // Those first that wait to begin, so that no slot is given to one of them meanwhile.
  const waiting = page === undefined ? await takeOut(deps, filter, { dryRun, ...reason }) : [];
  try {
    const { runs, next } = await pageOfRuns(deps, { ...filter, open: true }, { limit: PAGE, page });
    const tried = dryRun ? runs : await mapAtOnce(runs, AT_ONCE, (one) => tryToCancel(deps, one, reason));
    const failed = tried.flatMap((one) => (one && 'failed' in one ? [one.failed] : []));
    return {
      runs: [...waiting, ...tried.flatMap((one) => (one && 'workflowId' in one ? [one.workflowId] : []))],
      ...(failed.length > 0 && { failed, because: 'Temporal does not answer' }),
      ...(next !== undefined && { next }),
    };
  } catch (error) {
    // What has been done is told, whatever else could not be.
    if (error instanceof HttpError && waiting.length > 0) return { runs: waiting, because: error.message };
    throw error;
  }
}

/** Takes runs out of their lanes that wait to begin, and returns them; with `dryRun` only returns them. */
async function takeOut(
  { store: { lanes }, builtIn }: FindRunDeps,
  {
    repository,
    branch,
    automation,
  }: Pick<RunsFilter, 'branch' | 'automation'> & {
    readonly repository: readonly string[] | undefined;
  },
  { dryRun, because }: CancelReason & { readonly dryRun: boolean },
): Promise<string[]> {
  const taken: string[] = [];
  for await (const run of allNotBegun(lanes, { automation })) {
    const isMeant =
      (repository === undefined ||
        repository.some((one) => isSameRepository(one, repositoryOf(run.event)?.fullName ?? ''))) &&
      (branch === undefined || branchOf(run.event) === branch) &&
      (automation !== undefined || !builtIn.includes(run.automation));
    if (isMeant && (dryRun || (await lanes.takeOut({ workflowId: run.workflowId, because }))))
      taken.push(run.workflowId);
  }
  return taken;
}

/** Returns the run, undefined where it has just ended, or which one could not be cancelled: others of its page have been. */
async function tryToCancel<R extends { readonly workflowId: string }>(
  deps: FindRunDeps,
  run: R,
  reason: CancelReason,
): Promise<R | { readonly failed: string } | undefined> {
  try {
    return await cancel(deps, run, reason);
  } catch (error) {
    if (error instanceof HttpError) return { failed: run.workflowId };
    throw error;
  }
}

/** Returns the run, or undefined where it has just ended. One that continues as new meanwhile is cancelled all the same. */
async function cancel<R extends { readonly workflowId: string }>(
  { client }: FindRunDeps,
  run: R,
  reason: CancelReason,
): Promise<R | undefined> {
  const handle = client.workflow.getHandle(run.workflowId);
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
      await handle.signal(CANCEL_SIGNAL, reason);
      await handle.cancel();
    });
    return run;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw temporalAway();
  }
}

async function mustBeOpen({ client, store }: FindRunDeps, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const status = statusOf(await client.withDeadline(Date.now() + DEADLINE_MS, () => handle.describe()));
    if (status !== 'running') throw new HttpError(409, `the run ${workflowId} has ended already: ${status}`);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    if (!(error instanceof WorkflowNotFoundError)) throw temporalAway();
    const start = await store.inbox.findStart(workflowId);
    throw new HttpError(409, `the run ${workflowId} ${whyNotOpen(start?.state)}`);
  }
}
