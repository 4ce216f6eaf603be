import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { NOT_CONTINUED, ofTaskQueue, queryText } from '../../runs/query-text.js';
import type { Store } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import { askVisibility } from './ask-visibility.js';
import { findDelivery } from './find-delivery.js';
import { pageOfRuns } from './list-runs.js';
import type { RunsScope } from './runs-query.js';
import { temporalAway } from './temporal-away.js';

/** What {@link findRun} asks. */
export interface FindRunDeps extends RunsScope {
  readonly client: Client;
  readonly store: {
    readonly inbox: Pick<Store['inbox'], 'find' | 'findStart'>;
    readonly lanes: Pick<Store['lanes'], 'takeOut' | 'notBegun'>;
    readonly logs: Pick<Store['logs'], 'jobs'>;
  };
}

/** Runs that an ambiguous name is said to mean. */
const MAX_MEANINGS = 20;
/** Runs that started later than the one which ended last: more of them than there are workers have hardly begun meanwhile. */
const MAX_LATER = 100;
const DEADLINE_MS = 5_000;

/**
 * Returns the workflow id of the run that is meant: by its whole id, by a beginning of it that no other run's has, by a
 * delivery as `GET /api/deliveries/<id>` takes it, or as `latest <automation>`. Undefined if there is none. Throws
 * {@link HttpError}: 409 with all that may be meant, 503 while Temporal is away and has to be asked.
 */
export async function findRun(deps: FindRunDeps, name: string): Promise<string | undefined> {
  const [, isLatest, automation] = /^(latest)(?:\s+(\S+))?$/.exec(name) ?? [];
  if (isLatest) return latestRun(deps, automation);
  if (await deps.store.inbox.findStart(name)) return name;
  const delivered = await runOfDelivery(deps, name);
  if (delivered !== undefined) return delivered;
  if ((await deps.store.logs.jobs(name)).length > 0 || (await isInTemporal(deps.client, name))) return name;
  return runThatBegins(deps, name);
}

/** A run that was started again and again is one: the newest is meant. */
async function runOfDelivery({ store }: FindRunDeps, id: string): Promise<string | undefined> {
  const record = await findDelivery(store.inbox, { id });
  if (!record) return undefined;
  const runs = record.dispatches.map(({ workflowId }) => workflowId);
  if (runs.length === 0)
    throw new HttpError(409, `the delivery ${record.id} started no run: npx hookyard explain ${record.id} says why`);
  if (new Set(runs.map((run) => run.replace(/\/replay-\d+$/, ''))).size > 1) severalMeant(runs);
  return runs.at(-1);
}

async function isInTemporal(client: Client, workflowId: string): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.getHandle(workflowId).describe());
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw temporalAway();
  }
}

async function runThatBegins(
  { client, taskQueue, store: { lanes } }: FindRunDeps,
  beginning: string,
): Promise<string | undefined> {
  const query = `${ofTaskQueue(taskQueue)} AND WorkflowId STARTS_WITH ${queryText(beginning)} AND ${NOT_CONTINUED}`;
  const found = new Set<string>();
  // Temporal does not know what waits to begin.
  for (const { workflowId } of await lanes.notBegun({ beginning, after: 0, limit: MAX_MEANINGS }))
    found.add(workflowId);
  try {
    const look = async () => {
      for await (const { workflowId } of client.workflow.list({ query, pageSize: MAX_MEANINGS }))
        if (found.add(workflowId).size >= MAX_MEANINGS) break;
    };
    await client.withDeadline(Date.now() + DEADLINE_MS, () => askVisibility(look));
  } catch (error) {
    throw temporalAway(error);
  }
  if (found.size > 1) severalMeant([...found]);
  return [...found][0];
}

/** Temporal lists open runs by their start, and the others by their end: the newest of those may have ended earlier. */
async function latestRun(deps: FindRunDeps, automation: string | undefined): Promise<string | undefined> {
  const first = async (filter: { open?: true; since?: number }) =>
    (await pageOfRuns(deps, { automation, ...filter }, { limit: 1 })).runs[0];
  let latest = (await first({ open: true })) ?? (await first({}));
  if (!latest) return undefined;
  const since = latest.startTime.getTime();
  const { runs } = await pageOfRuns(deps, { automation, since }, { limit: MAX_LATER });
  for (const run of runs) if (run.startTime > latest.startTime) latest = run;
  return latest.workflowId;
}

/** Throws {@link HttpError}. */
function severalMeant(runs: readonly string[]): never {
  throw new HttpError(
    409,
    'several runs are called so: name one by its whole id',
    {},
    { runs: runs.slice(0, MAX_MEANINGS) },
  );
}
