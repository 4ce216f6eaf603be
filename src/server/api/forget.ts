import { type Client, isGrpcServiceError } from '@temporalio/client';
import { z } from 'zod';
import { FORGOTTEN_MIRRORS, mirrorMark } from '../../runs/forgotten-mirrors.js';
import { KNOWN_REPOSITORIES, repositoriesIn, withoutRepository } from '../../runs/known-repositories.js';
import { OPERATOR_ACTS } from '../../runs/operator-acts.js';
import { isForgotten } from '../../store/forgotten-key.js';
import { namesRepository } from '../../store/names-repository.js';
import type { Store, StoredRecord } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { ForgetAnswer, ForgetCounts } from './contract.js';
import { findDelivery } from './find-delivery.js';
import { forgetLanes } from './forget-lanes.js';
import {
  askTemporal,
  isMeant,
  isNeededByWaiter,
  type Meant,
  namesIn,
  namesOf,
  openDeliveries,
  pageOf,
  scopeOf,
  withSpellings,
} from './forget-scope.js';

/** What {@link forget} works with. */
export interface ForgetDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly store: Pick<Store, 'inbox' | 'lanes' | 'records' | 'forgetting'>;
}

/** Temporal's `WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW`. */
const CONTINUED = 6;

const name = z.string().min(1).max(500);
/** How deliveries have written the repository's name: once they are forgotten, they do not tell it. */
const spellings = z.array(name).readonly().optional();
const cursor = z.union([
  z.strictObject({ step: z.literal('deliveries'), before: z.int().optional(), spellings }),
  z.strictObject({ step: z.literal('runs'), page: z.string().max(10_000).optional(), spellings }),
  z.strictObject({ step: z.literal('records'), after: z.int().min(0).default(0), spellings }),
]);
/** Body of `POST /api/forget`. */
export const forgetBody = z
  .strictObject({
    repository: name.optional().describe('in any case'),
    source: name.optional(),
    delivery: name.optional(),
    dryRun: z.boolean().default(false).describe('only counts'),
    from: cursor.default({ step: 'deliveries' }).describe('the "next" of the call before'),
  })
  .refine(({ repository, source, delivery }) => repository ?? source ?? delivery, 'nothing is named');

type Asked = z.output<typeof forgetBody> & Pick<Meant, 'spellings'>;
type Cursor = z.output<typeof cursor>;
type Counts = ForgetCounts & { [name: string]: number };
type Slice = { readonly counts: Partial<ForgetCounts>; readonly next: Cursor | undefined };

/** Small, so that an answer comes within seconds. */
const RUNS = 100;
const RECORDS = 500;
/** Of what a run has written, in one transaction. */
const WRITTEN = 500;
/** What runs have written may be much: after so long an answer goes on with the next call, in milliseconds. Commands wait for 10 s. */
const ANSWER_MS = 3_000;
const NOT_FOUND = 5;

const NONE: ForgetCounts = {
  deliveries: 0,
  bodyBytes: 0,
  waiting: 0,
  lines: 0,
  attempts: 0,
  records: 0,
  runs: 0,
  open: 0,
};

/**
 * Removes a slice of what is kept of a repository, a source or a delivery, or counts it with `dryRun`: deliveries with their
 * bodies, what their runs have written, the runs that have ended in Temporal, synced records, lanes. `next` is the `from` of the
 * call after; absent when all is done. Throws {@link HttpError}: 404 for a delivery that is not there, 409 if the namespace lacks search
 * attributes, 503 while Temporal is away.
 */
export async function forget(deps: ForgetDeps, body: unknown): Promise<ForgetAnswer | undefined> {
  const read = forgetBody.safeParse(body);
  if (!read.success) throw new HttpError(400, 'send { "repository": … }, { "source": … } or { "delivery": … } as JSON');
  const asked = await withDelivery(deps, read.data);
  if (!asked) return undefined;
  const { counts, next } = await slice(deps, { ...asked, spellings: asked.from.spellings });
  return {
    counts: { ...NONE, ...counts },
    ...(asked.delivery !== undefined && { delivery: asked.delivery }),
    ...(next && { next }),
  };
}

/** A delivery is named by its whole id from here on. */
async function withDelivery({ store }: ForgetDeps, asked: Asked): Promise<Asked | undefined> {
  if (asked.delivery === undefined) return asked;
  const found = await findDelivery(store.inbox, { id: asked.delivery, source: asked.source });
  return found && { ...asked, delivery: found.id };
}

function slice(deps: ForgetDeps, asked: Asked): Promise<Slice> {
  const { from } = asked;
  switch (from.step) {
    case 'deliveries':
      return forgetDeliveries(deps, asked, from);
    case 'runs':
      return forgetRuns(deps, asked, from);
    case 'records':
      return forgetRecords(deps, asked, from);
    default:
      return from satisfies never;
  }
}

async function forgetDeliveries(
  deps: ForgetDeps,
  given: Asked,
  { before }: { readonly before?: number | undefined },
): Promise<Slice> {
  const { inbox, forgetting } = deps.store;
  const page = await pageOf(inbox, given, before);
  const asked = withSpellings(given, namesIn(page.deliveries));
  const { spellings } = asked;
  const open = await openDeliveries(deps, asked);
  const counts: Counts = { ...NONE };
  const until = performance.now() + ANSWER_MS;
  let last: number | undefined;
  for (const delivery of page.deliveries) {
    // What came within one millisecond can't be told apart by the next call.
    if (last !== undefined && delivery.receivedAt < last && performance.now() > until)
      return { counts, next: { step: 'deliveries', before: last, spellings } };
    last = delivery.receivedAt;
    if (isForgotten(delivery) || !(await isMeant(inbox, asked, delivery))) continue;
    if (open.has(delivery.id) || (await isNeededByWaiter(deps.client, delivery))) {
      counts.waiting += 1;
      continue;
    }
    const workflowIds = delivery.dispatches.map(({ workflowId }) => workflowId);
    const gone = asked.dryRun ? { bodyBytes: delivery.bodyBytes, workflowIds } : await forgetting.delivery(delivery.id);
    if (!gone) continue;
    counts.deliveries += 1;
    counts.bodyBytes += gone.bodyBytes;
    for (const each of gone.workflowIds) add(counts, await forgetWritten(deps, each, asked.dryRun));
  }
  const next: Cursor =
    page.next === undefined ? { step: 'runs', spellings } : { step: 'deliveries', before: page.next, spellings };
  return { counts, next };
}

/** All that a run has written, in slices. */
async function forgetWritten({ store }: ForgetDeps, workflowId: string, dryRun: boolean) {
  const counts: { [name: string]: number } = {};
  for (;;) {
    const gone = await store.forgetting.run(workflowId, { limit: WRITTEN, dryRun });
    add(counts, gone);
    if (dryRun || Object.values(gone).every((count) => count < WRITTEN)) return counts;
  }
}

function add(counts: { [name: string]: number }, more: object): void {
  for (const [name, count] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + Number(count);
}

/** Removes the runs that have ended, with what they have written: those of other runs' runs too. */
async function forgetRuns(
  deps: ForgetDeps,
  given: Asked,
  { page }: { readonly page?: string | undefined },
): Promise<Slice> {
  const { client } = deps;
  const asked = page === undefined ? withSpellings(given, await knownRepositories(deps)) : given;
  const { namespace } = client.options;
  return askTemporal(client, async () => {
    const { executions = [], nextPageToken } = await client.workflowService.listWorkflowExecutions({
      namespace,
      pageSize: RUNS,
      query: `${scopeOf(deps, asked)} AND ExecutionStatus != 'Running'`,
      nextPageToken: Buffer.from(page ?? '', 'base64'),
    });
    const counts: Counts = { ...NONE };
    for (const { execution, status } of executions ?? []) {
      if (!execution?.workflowId || !execution.runId) continue;
      counts.runs += 1;
      // What a part that went on as a new one has written is its run's, which may be open: its last part's end says so.
      const isPart = status === CONTINUED;
      if (!isPart && !(await isCounted(deps, asked, execution.workflowId)))
        add(counts, await forgetWritten(deps, execution.workflowId, asked.dryRun));
      if (!asked.dryRun)
        await client.workflowService
          .deleteWorkflowExecution({ namespace, workflowExecution: execution })
          .catch(unlessGone);
    }
    const token = Buffer.from(nextPageToken ?? []).toString('base64');
    const { spellings } = asked;
    if (token !== '') return { counts, next: { step: 'runs', page: token, spellings } };
    const { count } = await client.workflow.count(`${scopeOf(deps, asked)} AND ExecutionStatus = 'Running'`);
    const next: Cursor | undefined =
      asked.delivery === undefined ? { step: 'records', after: 0, spellings } : undefined;
    return { counts: { ...counts, open: count }, next };
  });
}

/** Returns the names that are known when deliveries tell none any more: those of one that was stopped here are forgotten already. */
async function knownRepositories({ store: { records } }: ForgetDeps): Promise<readonly string[]> {
  return (await records.list(KNOWN_REPOSITORIES, { limit: RECORDS })).flatMap(({ data }) => repositoriesIn(data));
}

/** Where nothing is removed, what a delivery's run has written is still there once the delivery has been counted. */
async function isCounted({ store }: ForgetDeps, { dryRun }: Asked, run: string | undefined): Promise<boolean> {
  return dryRun && run !== undefined && (await store.inbox.findStart(run)) !== undefined;
}

function unlessGone(error: unknown): void {
  if (!isGrpcServiceError(error) || error.code !== NOT_FOUND) throw error;
}

async function forgetRecords(deps: ForgetDeps, asked: Asked, { after }: { readonly after: number }): Promise<Slice> {
  const { store } = deps;
  const rows = await store.forgetting.records({ after, limit: RECORDS });
  let records = 0;
  for (const row of rows) {
    if (row.collection === FORGOTTEN_MIRRORS || !namesRepository(row, asked) || (await isCounted(deps, asked, row.run)))
      continue;
    const isGone = asked.dryRun || (await forgetRecord(deps, asked, row));
    // Who has it forgotten is noted by its name, so that there would be something to forget of every name.
    if (isGone && row.collection !== OPERATOR_ACTS) records += 1;
  }
  const last = rows.at(-1);
  const { spellings } = asked;
  const next: Cursor | undefined =
    last && rows.length === RECORDS ? { step: 'records', after: last.place, spellings } : undefined;
  if (next) return { counts: { records }, next };
  records += await forgetLanes(store, asked);
  if (!asked.dryRun) await markMirrors(deps, asked);
  return { counts: { records }, next };
}

/** Removes a record, or of one that is about all repositories of a source what names the one. Returns whether it did. */
function forgetRecord({ store }: ForgetDeps, { repository }: Asked, row: StoredRecord): Promise<boolean> {
  const { collection, key, version, data } = row;
  // Without the others, nobody would look for what those of them have missed that have sent nothing for long.
  const others =
    collection === KNOWN_REPOSITORIES && repository !== undefined ? withoutRepository(data, repository) : undefined;
  if (others === undefined) return store.records.remove(row);
  const next = { collection, key, version: Number(version) + 1, data: others };
  return store.records.upsert(next).then((outcome) => outcome === 'written');
}

/** Mirrors lie on the workers' machines: each worker removes its own. They tell their repository by a hash, which tells no case. */
async function markMirrors({ store }: ForgetDeps, asked: Asked): Promise<void> {
  const { repository, source } = asked;
  const at = Date.now();
  const marks = repository === undefined ? [undefined] : namesOf(asked).map(mirrorMark);
  for (const mark of marks) {
    const data = { ...(source !== undefined && { source }), ...(mark !== undefined && { repository: mark }), at };
    await store.records.upsert({
      collection: FORGOTTEN_MIRRORS,
      key: `${source ?? ''}#${mark ?? ''}`,
      version: at,
      data,
    });
  }
}
