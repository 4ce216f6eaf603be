import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { z } from 'zod';
import type { Config } from '../../config/config.js';
import { hasApiCredentials, isGitSource } from '../../providers/source.js';
import { RECONCILE_WORKFLOW } from '../../runs/names.js';
import { reconcileRunOf } from '../../runs/reconcile-run.js';
import { HttpError } from '../http/http-error.js';

export interface ReconcileDeps {
  readonly client: Client;
  readonly config: Pick<Config, 'sources' | 'temporal'>;
}

/** A look for missed deliveries that goes on. */
export interface StartedLook {
  readonly source: string;
  /** Workflow id. */
  readonly run: string;
  /** One that was asked for by hand was under way already: it is that one. */
  readonly underWay?: true;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DEADLINE_MS = 5_000;

const bodySchema = z.strictObject({
  source: z.string().min(1).max(100).optional(),
  since: z.string().regex(/^[1-9]\d{0,3}[smhd]$/),
});

/**
 * Starts looking for deliveries that a source, or every source, has missed since then. Throws {@link HttpError}: 404 for
 * no such source, 409 where nothing can be looked for, 503 while Temporal is away.
 */
export async function startReconcile(
  { client, config }: ReconcileDeps,
  body: unknown,
): Promise<{ runs: StartedLook[] }> {
  const asked = bodySchema.safeParse(body);
  if (!asked.success) throw new HttpError(400, 'send { "since": "2h" } as JSON, and a "source" if you like');
  const { source, since } = asked.data;
  const names = source === undefined ? all(config.sources) : [checked(config.sources, source)];
  if (names.length === 0)
    throw new HttpError(409, 'no source has API credentials: nothing can tell what was missed. Set sources.<name>.api');
  const runs: StartedLook[] = [];
  for (const name of names) runs.push(await startOne({ client, config }, name, new Date(Date.now() - msOf(since))));
  return { runs };
}

function msOf(since: string): number {
  return Number(since.slice(0, -1)) * (UNITS[since.slice(-1)] ?? 0);
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

/** Why nothing can be looked for. */
function whyNot(source: Config['sources'][string] | undefined): string | undefined {
  if (!source || !isGitSource(source)) return "is no Git provider's: nothing tells what was missed";
  if (!source.enabled) return 'is not enabled';
  if (!source.reconcile) return 'says reconcile: false';
  return hasApiCredentials(source) ? undefined : 'has no API credentials: nothing tells what was missed';
}

async function startOne({ client, config }: ReconcileDeps, source: string, since: Date): Promise<StartedLook> {
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
    throw new HttpError(503, 'Temporal does not answer; try again later', { 'retry-after': '5' });
  }
}
