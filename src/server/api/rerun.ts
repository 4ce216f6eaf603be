import type { Client } from '@temporalio/client';
import { goesOnFrom } from '../../runs/goes-on-from.js';
import { HttpError } from '../http/http-error.js';
import type { RerunAnswer } from './contract.js';
import { type FindRunDeps, findRun } from './find-run.js';
import { type ReplayDeps, replayRun } from './replay.js';

/**
 * Starts a run once more: the same event of the same delivery, for the same automation, under an id of its own. Undefined if
 * there is no such run. `fromFailed`: jobs that failed there go on with the step that did not pass, where their workspaces are kept. `once`: the same again is the same run. Throws {@link HttpError}: 409 if no delivery asked for it, or several are called so.
 */
export async function rerun(
  deps: FindRunDeps & Pick<ReplayDeps, 'wake'> & { readonly store: { readonly inbox: ReplayDeps['inbox'] } },
  name: string,
  { fromFailed = false, once }: { readonly fromFailed?: boolean | undefined; readonly once?: string | undefined } = {},
): Promise<RerunAnswer | undefined> {
  const rerunOf = await findRun(deps, name);
  if (rerunOf === undefined) return undefined;
  const start = await deps.store.inbox.findStart(rerunOf);
  if (!start)
    throw new HttpError(
      409,
      `no delivery asked for the run ${rerunOf}: a schedule, a comment command or another run started it, or its delivery is not kept any more. Run again what started it`,
    );
  const { inbox } = deps.store;
  const { deliveryId } = start;
  const from = fromFailed ? goesOnFrom(rerunOf, await memoOf(deps.client, rerunOf)) : {};
  const more = { ...from, ...(once !== undefined && { once }) };
  const again = await replayRun({ inbox, wake: deps.wake }, deliveryId, rerunOf, more);
  const [run] = again?.runs ?? [];
  if (!again || run === undefined) return undefined;
  return { run, rerunOf, delivery: deliveryId, ...(again.duplicate && { duplicate: again.duplicate }) };
}

const DEADLINE_MS = 3_000;

/** Returns what a run has noted in Temporal; undefined where that can't tell: it may be away, or have forgotten the run. */
async function memoOf(client: Client, workflowId: string): Promise<Record<string, unknown> | undefined> {
  const describe = () => client.workflow.getHandle(workflowId).describe();
  return client.withDeadline(Date.now() + DEADLINE_MS, describe).then(
    ({ memo }) => memo,
    () => undefined,
  );
}
