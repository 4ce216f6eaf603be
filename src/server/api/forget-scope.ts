import { type Client, isGrpcServiceError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { mapAtOnce } from '../../async/at-once.js';
import { repositoryOf } from '../../events/accessors.js';
import { isSameRepository } from '../../events/repository-name.js';
import { ofTaskQueue, queryText } from '../../runs/query-text.js';
import type { DeliveryRecord, Store } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import { bodyNames } from './body-names.js';
import { listDeliveries } from './deliveries.js';
import { lacksAttributes } from './lacks-attributes.js';

/** What somebody wants forgotten: all that matches every name that is there. */
export interface Meant {
  /** In any case. */
  readonly repository?: string | undefined;
  /** How else its name is written, as Temporal compares letter by letter. */
  readonly spellings?: readonly string[] | undefined;
  readonly source?: string | undefined;
  /** Our whole id. */
  readonly delivery?: string | undefined;
}

interface TemporalDeps {
  readonly client: Client;
  readonly taskQueue: string;
}

/** Small, so that deleting does not hold up a delivery that waits to be stored, and an answer comes within seconds. */
const DELIVERIES = 100;
/** Runs that Temporal lists at once. */
const LISTED = 1_000;
const AT_ONCE = 16;
const DEADLINE_MS = 20_000;

/** Returns a page of the deliveries among which are those that are meant, newest first: those before `before` (Unix ms). */
export async function pageOf(inbox: Store['inbox'], { delivery, source }: Meant, before: number | undefined) {
  if (delivery === undefined) return listDeliveries(inbox, { limit: DELIVERIES, source, before });
  const found = await inbox.find(delivery);
  return { deliveries: found ? [found] : [], next: undefined };
}

/**
 * Returns whether a delivery is meant. One that says nothing we could read is one of a repository if its body names it, in any case, as
 * providers take names.
 */
export async function isMeant(
  inbox: Pick<Store['inbox'], 'body'>,
  { repository }: Meant,
  { id, events, headers }: DeliveryRecord,
): Promise<boolean> {
  if (repository === undefined) return true;
  if (events.length > 0) return namesIn([{ events }]).some((name) => isSameRepository(name, repository));
  const body = await inbox.body(id);
  return body !== undefined && bodyNames(repository, body, headers['content-type']);
}

/** Returns what is meant, with those of the names that are its repository's, however they are written. */
export function withSpellings<M extends Meant>(meant: M, names: readonly string[]): M & Pick<Meant, 'spellings'> {
  const { repository, spellings = [] } = meant;
  if (repository === undefined) return meant;
  const own = names.filter((name) => isSameRepository(name, repository));
  return { ...meant, spellings: [...new Set([...spellings, ...own])] };
}

/** Returns the names of the repositories that deliveries are about. */
export function namesIn(deliveries: readonly Pick<DeliveryRecord, 'events'>[]): string[] {
  return deliveries.flatMap(({ events }) => events.map((event) => repositoryOf(event)?.fullName ?? ''));
}

/** Returns how the name of a repository may be written: as it was asked for, in small letters, and as is known, but no other name. */
export function namesOf({ repository, spellings = [] }: Meant): readonly string[] {
  if (repository === undefined) return [];
  const others = [repository.toLowerCase(), ...spellings].filter((one) => isSameRepository(one, repository));
  return [...new Set([repository, ...others])];
}

/**
 * Returns the ids of all deliveries whose runs still run, however many: they need what is kept of them. Throws {@link HttpError}:
 * 503 while Temporal is away.
 */
export async function openDeliveries(deps: TemporalDeps, meant: Meant): Promise<ReadonlySet<unknown>> {
  const { client } = deps;
  return askTemporal(client, async () => {
    const open = new Set<unknown>();
    const query = `${scopeOf(deps, meant)} AND ExecutionStatus = 'Running'`;
    for await (const { searchAttributes } of client.workflow.list({ query, pageSize: LISTED }))
      open.add(searchAttributes.HookyardDelivery?.[0]);
    return open;
  });
}

/**
 * Returns whether a run still runs that has waited for a delivery, and so needs what is kept of it. Throws {@link HttpError}: 503
 * while Temporal is away.
 */
export async function isNeededByWaiter(client: Client, { given = [] }: DeliveryRecord): Promise<boolean> {
  const runs = [...new Set(given.map(({ workflowId }) => workflowId))];
  if (runs.length === 0) return false;
  const isOpen = (run: string) => client.workflow.getHandle(run).describe().then(isRunning, unlessUnknown);
  return askTemporal(client, async () => (await mapAtOnce(runs, AT_ONCE, isOpen)).includes(true));
}

function isRunning({ status }: { readonly status: { readonly name: string } }): boolean {
  return status.name === 'RUNNING';
}

function unlessUnknown(error: unknown): false {
  if (error instanceof WorkflowNotFoundError) return false;
  throw error;
}

/** Returns what finds the runs that are meant: all of a delivery's, with those that they have started, share its id. */
export function scopeOf({ taskQueue }: Pick<TemporalDeps, 'taskQueue'>, meant: Meant): string {
  const { delivery, source } = meant;
  const names = namesOf(meant);
  const conditions = [
    ofTaskQueue(taskQueue),
    ...(delivery === undefined ? [] : [`HookyardDelivery = ${queryText(delivery)}`]),
    ...(names.length === 0 ? [] : [`HookyardRepository IN (${names.map(queryText).join(', ')})`]),
    ...(source === undefined ? [] : [`HookyardSource = ${queryText(source)}`]),
  ];
  return conditions.join(' AND ');
}

/** Resolves to what `work` does. Throws {@link HttpError}: 503 while Temporal is away, 409 if the namespace lacks search attributes. */
export async function askTemporal<T>(client: Client, work: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, work);
  } catch (error) {
    // The client's own calls have what gRPC says as their cause.
    if (!isGrpcServiceError(error) && !(error instanceof ServiceError)) throw error;
    const lacking = lacksAttributes(error, client.options.namespace);
    if (lacking) throw lacking;
    throw new HttpError(503, 'Temporal does not answer, and it keeps a part of this; try again later', {
      'retry-after': '5',
    });
  }
}
