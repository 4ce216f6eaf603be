import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { z } from 'zod';
import type { Config } from '../../config/config.js';
import { hasApiCredentials, isGitSource } from '../../providers/source.js';
import { RECONCILE_WORKFLOW } from '../../runs/names.js';
import { reconcileRunOf } from '../../runs/reconcile-run.js';
import { HttpError } from '../http/http-error.js';
import type { ReconcileAnswer, ReconcileRun } from './contract.js';
import { LENGTH_OF_TIME, msOf } from './length-of-time.js';
import { temporalAway } from './temporal-away.js';

/** What {@link startReconcile} works with. */
export interface ReconcileDeps {
  readonly client: Client;
  readonly config: Pick<Config, 'sources' | 'temporal'>;
}

const DEADLINE_MS = 5_000;

/** Body of `POST /api/reconcile`: how far back, `2h` for example. */
export const reconcileBody = z.strictObject({
  source: z.string().min(1).max(100).optional(),
  since: z.string().regex(LENGTH_OF_TIME),
});

/**
 * Starts a run that looks for missed deliveries, of one source or of every one that can be reconciled. Throws
 * {@link HttpError}: 404 if there is no such source, 409 if it can't be reconciled, 503 while Temporal is away.
 */
export async function startReconcile({ client, config }: ReconcileDeps, body: unknown): Promise<ReconcileAnswer> {
  const asked = reconcileBody.safeParse(body);
  if (!asked.success) throw new HttpError(400, 'send { "since": "2h" } as JSON, and a "source" if you like');
  const { source, since } = asked.data;
  const names = source === undefined ? all(config.sources) : [checked(config.sources, source)];
  if (names.length === 0)
    throw new HttpError(409, 'no source has API credentials, so nothing lists what was missed: set sources.<name>.api');
  const runs: ReconcileRun[] = [];
  const from = new Date(Date.now() - (msOf(since) ?? 0));
  for (const name of names) runs.push(await startOne({ client, config }, name, from));
  return { runs };
}

function all(sources: Config['sources']): string[] {
  return Object.keys(sources).filter((name) => whyNot(sources[name]) === undefined);
}

function checked(sources: Config['sources'], name: string): string {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (!source) throw new HttpError(404, `there is no source ${JSON.stringify(name)}`);
  const because = whyNot(source);
  if (because !== undefined) throw new HttpError(409, `source ${name} ${because}`);
  return name;
}

/** Returns why a source can't be reconciled. */
function whyNot(source: Config['sources'][string] | undefined): string | undefined {
  if (!source || !isGitSource(source)) return "is not a Git provider's: nothing lists what was missed";
  if (!source.enabled) return 'is not enabled';
  if (!source.reconcile) return 'says reconcile: false';
  if (!hasApiCredentials(source))
    return 'has no API credentials, so nothing lists what was missed: set sources.<name>.api';
  return undefined;
}

async function startOne({ client, config }: ReconcileDeps, source: string, since: Date): Promise<ReconcileRun> {
  const run = `${RECONCILE_WORKFLOW}/${source}/by-hand`;
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.start(RECONCILE_WORKFLOW, {
        taskQueue: config.temporal.taskQueue,
        workflowId: run,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        args: [{ source, since: since.toISOString() }],
        ...reconcileRunOf(source),
      }),
    );
    return { source, run };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { source, run, underWay: true };
    throw temporalAway();
  }
}
