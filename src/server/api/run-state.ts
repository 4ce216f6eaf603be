import {
  type Client,
  type WorkflowExecutionStatusName,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { AWAY_MEMO, BUILD_FAILED, CANCELLED_MEMO } from '../../runs/names.js';
import { runUrl } from '../../runs/url.js';
import { waitsOf } from '../../runs/waits-for-approval.js';
import type { RunState, RunStatus } from './contract.js';
import { whySetAside } from './stuck-runs.js';
import { whyStuck } from './why-stuck.js';

/** Returns in our words how Temporal says that a run is. */
export function statusOf({ status }: { readonly status: { readonly name: WorkflowExecutionStatusName } }): RunStatus {
  return WORDS[status.name];
}

const WORDS = {
  RUNNING: 'running',
  PAUSED: 'running',
  CONTINUED_AS_NEW: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed out',
  UNSPECIFIED: 'unknown',
  UNKNOWN: 'unknown',
} as const satisfies Record<WorkflowExecutionStatusName, RunStatus>;

const DEADLINE_MS = 3_000;

/** What {@link runState} works with. */
export interface RunStateDeps {
  readonly client: Client;
  readonly uiUrl: string | undefined;
}

/** Asks Temporal for a run. Undefined if it does not know the id, `unknown` if it does not answer. Never rejects. */
export async function runState({ client, uiUrl }: RunStateDeps, workflowId: string): Promise<RunState | undefined> {
  const url = runUrl(uiUrl, { namespace: client.options.namespace, workflowId });
  const page = url ? { url } : {};
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
      const handle = client.workflow.getHandle(workflowId);
      const run = await handle.describe();
      const status = statusOf(run);
      const waits = waitsOf(run);
      if (status === 'running' && waits) return { status, waitsForApproval: waits.sha, ...page };
      const away = run.memo?.[AWAY_MEMO];
      if (status === 'running' && typeof away === 'string') return { status, waitsForAway: away, ...page };
      if (status === 'completed') return { status, ...resultOf(await handle.result()), ...page };
      if (status === 'terminated') return { status, ...because(await whySetAside(client, run)), ...page };
      if (status === 'running') {
        const why = await whyStuck(client, run);
        return { status, ...because(why && `${why.because}; ${why.helps}`), ...page };
      }
      if (status === 'failed') return { status, ...(await failureOf(handle.result())), ...page };
      const reason = run.memo?.[CANCELLED_MEMO];
      if (status === 'cancelled' && typeof reason === 'string') return { status, error: reason, ...page };
      return { status, ...page };
    });
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? undefined : { status: 'unknown', ...page };
  }
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
