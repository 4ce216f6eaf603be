import {
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { AWAY_MEMO, BUILD_FAILED, CANCELLED_MEMO, OUTCOME_MEMO } from '../../runs/names.js';
import { reportedProblem } from '../../runs/reported-problem.js';
import { runUrl } from '../../runs/url.js';
import { waitsOf } from '../../runs/waits-for-approval.js';
import { MAX_OPEN_WAITS, type Store } from '../../store/store.js';
import type { RunState } from './contract.js';
import { statusOf } from './status-of.js';
import { whySetAside } from './stuck/why-set-aside.js';
import { type WhyStuck, whyStuck } from './stuck/why-stuck.js';
import { ledTo, retriedBy } from './work.js';

const DEADLINE_MS = 3_000;

/** What {@link runState} works with. */
export interface RunStateDeps {
  readonly client: Client;
  readonly uiUrl: string | undefined;
  readonly store: { readonly waits: Pick<Store['waits'], 'list'> };
}

/** What Temporal says of a run, when it comes. Rejects as the client does. */
export type Described = Promise<WorkflowExecutionDescription>;

/** One run has {@link MAX_OPEN_WAITS} at most. */
const ALL_WAITS = { limit: MAX_OPEN_WAITS };

/**
 * Asks Temporal for a run, and the store for what it waits for. Undefined if Temporal does not know the id, `unknown` if it does not
 * answer. Rejects if the store does not answer. `described`: what Temporal says of it, where somebody has asked already.
 */
export async function runState(
  deps: RunStateDeps,
  workflowId: string,
  described?: Described,
): Promise<RunState | undefined> {
  const state = await stateInTemporal(deps, workflowId, described);
  if (state?.status !== 'running') return state;
  const waits = await deps.store.waits.list({ workflowId, ...ALL_WAITS });
  const waitsFor = waits.map(({ title, since, until, ends }) =>
    ends ? { title, since, ends } : { title, since, until },
  );
  return waitsFor.length > 0 ? { ...state, waitsFor } : state;
}

/** Returns {@link runState} with the runs that it has led to, where Temporal can list them in time. */
export async function runWithItsRuns(
  deps: RunStateDeps,
  workflowId: string,
  described?: Described,
): Promise<RunState | undefined> {
  const { client } = deps;
  const [state, runs] = await Promise.all([
    runState(deps, workflowId, described),
    client.withDeadline(Date.now() + DEADLINE_MS, () => ledTo(client, workflowId)).catch(() => []),
  ]);
  return state && runs.length > 0 ? { ...state, ledTo: runs } : state;
}

async function stateInTemporal(
  { client, uiUrl }: RunStateDeps,
  workflowId: string,
  described?: Described,
): Promise<RunState | undefined> {
  const url = runUrl(uiUrl, { namespace: client.options.namespace, workflowId });
  const page = url ? { url } : {};
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
      const handle = client.workflow.getHandle(workflowId);
      const run = await (described ?? handle.describe());
      const status = statusOf(run);
      // A memo stays as the run has left it: one whose code fails waits for nobody but those who correct it.
      if (status === 'running' && reportedProblem(run) !== undefined)
        return { status, ...because(whyInWords(await whyStuck(client, run))), ...page };
      const waits = waitsOf(run);
      if (status === 'running' && waits) return { status, waitsForApproval: waits.sha, ...page };
      const retried = status === 'running' ? retriedBy(run) : [];
      const tries = retried.length > 0 ? { retried } : {};
      const away = run.memo?.[AWAY_MEMO];
      if (status === 'running' && typeof away === 'string') return { status, waitsForAway: away, ...tries, ...page };
      const why = run.memo?.[OUTCOME_MEMO];
      if (status === 'completed')
        return {
          status,
          ...resultOf(await handle.result()),
          ...(typeof why === 'string' && { because: why }),
          ...page,
        };
      if (status === 'terminated') return { status, ...because(await whySetAside(client, run)), ...page };
      if (status === 'running')
        return { status, ...because(whyInWords(await whyStuck(client, run))), ...tries, ...page };
      if (status === 'failed') return { status, ...(await failureOf(handle.result())), ...page };
      const reason = run.memo?.[CANCELLED_MEMO];
      if (status === 'cancelled' && typeof reason === 'string') return { status, error: reason, ...page };
      return { status, ...page };
    });
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? undefined : { status: 'unknown', ...page };
  }
}

function whyInWords(why: WhyStuck | undefined): string | undefined {
  return why && `${why.because}; ${why.helps}`;
}

function because(error: string | undefined): { error?: string } {
  return error === undefined ? {} : { error };
}

const resultSchema = z.object({
  outcome: z.string().optional().catch(undefined),
  troubles: z.array(z.string()).optional().catch(undefined),
});

/** An author's own workflow may return anything. */
function resultOf(result: unknown): Pick<RunState, 'result' | 'outcome' | 'troubles'> {
  const { outcome, troubles } = resultSchema.safeParse(result).data ?? {};
  return { result, ...(outcome !== undefined && { outcome }), ...(troubles && { troubles }) };
}

/** A run whose build did not pass has failed, and has a result all the same. */
async function failureOf(result: Promise<unknown>): Promise<Partial<RunState>> {
  try {
    await result;
    return {};
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const root = rootOf(error);
    const isBuild = root instanceof ApplicationFailure && root.type === BUILD_FAILED;
    return { ...(isBuild && resultOf(root.details?.[0])), error: root.message };
  }
}

/** An activity's failure is wrapped; the innermost cause says what went wrong. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}
