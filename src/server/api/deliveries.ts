import { waitWords } from '../../lanes/queue-words.js';
import {
  AmbiguousDeliveryError,
  type DeliveryFilter,
  type DeliveryRecord,
  type DispatchRecord,
  type Inbox,
} from '../../store/store.js';
import { type CompareInbox, compareDelivery } from './compare/compare-deliveries.js';
import type { DeliveriesAnswer, RunState, ShownDelivery } from './contract.js';
import { contentOf } from './delivery-content.js';
import { type DeliveryName, findDelivery } from './find-delivery.js';
import { type RunStateDeps, runWithItsRuns } from './run-state.js';
import { type DeliverySearch, isFound, isSearch } from './search-deliveries.js';
import { type ApprovalsDeps, withApprovals } from './with-approvals.js';

/** Query of `GET /api/deliveries`. */
export interface DeliveriesQuery extends DeliverySearch {
  readonly limit: number;
  readonly source?: string | undefined;
  readonly failed?: string | undefined;
  readonly before?: number | undefined;
  /** Unix ms: only what came since then. */
  readonly since?: number | undefined;
  /** Unix ms: only what came before then. */
  readonly until?: number | undefined;
}

/** Deliveries of one millisecond on one page, where the page would break within it. */
const MAX_AT_ONCE = 1_000;
/** Deliveries that one call looks through, so that it answers soon whatever is searched for. */
const MAX_SEARCHED = 2_000;
const SEARCHED_AT_ONCE = 200;

/**
 * Returns a page of deliveries, newest first; `next` is the `before` of the page after it. Pages end between
 * milliseconds, because `before` can't tell apart what came within one: a page may be shorter than was asked for, and
 * longer where that many came at once. What is called as the text that is searched for is on the first page, however early it came.
 */
export async function listDeliveries(
  inbox: Pick<Inbox, 'list' | 'find'>,
  query: DeliveriesQuery,
): Promise<DeliveriesAnswer> {
  if (!isSearch(query)) return pageOf(inbox, query);
  const [answer, called] = await Promise.all([search(inbox, query), calledSo(inbox, query)]);
  const known = new Set(answer.deliveries.map(({ id }) => id));
  const earlier = called.filter(({ id }) => !known.has(id)).sort((a, b) => b.receivedAt - a.receivedAt);
  return { ...answer, deliveries: [...answer.deliveries, ...earlier] };
}

/** Returns those whose id or key the text is: an index has them, where a search would look through all that came later. */
async function calledSo(inbox: Pick<Inbox, 'find'>, query: DeliveriesQuery): Promise<readonly DeliveryRecord[]> {
  const { text, source, before, failed, since = 0, until = Number.POSITIVE_INFINITY } = query;
  if (text === undefined || before !== undefined || isYes(failed)) return [];
  const names = [...new Set([text, text.toLowerCase()])];
  const found = (await Promise.all(names.map((name) => findAll(inbox, name, source)))).flat();
  return found.filter(
    (one, index) =>
      found.findIndex(({ id }) => id === one.id) === index &&
      one.receivedAt >= since &&
      one.receivedAt < until &&
      isFound(one, query),
  );
}

async function findAll(inbox: Pick<Inbox, 'find'>, name: string, source?: string): Promise<DeliveryRecord[]> {
  try {
    const found = await inbox.find(name, { source });
    return found ? [found] : [];
  } catch (error) {
    if (!(error instanceof AmbiguousDeliveryError)) throw error;
    const all = await Promise.all(error.meanings.map(({ id }) => inbox.find(id)));
    return all.filter((one) => one !== undefined);
  }
}

function isYes(said: string | undefined): boolean {
  return said !== undefined && said !== 'false';
}

/** Looks through the newest deliveries, page by page, until as many are found, or enough was looked through. */
async function search(inbox: Pick<Inbox, 'list'>, query: DeliveriesQuery): Promise<DeliveriesAnswer> {
  const found: DeliveryRecord[] = [];
  let { before } = query;
  for (let seen = 0; seen < MAX_SEARCHED; ) {
    // What is common, or found by its repository, is on the first page.
    const atOnce = seen === 0 ? query.limit : SEARCHED_AT_ONCE;
    const { deliveries, next } = await pageOf(inbox, { ...query, before, limit: atOnce });
    seen += deliveries.length;
    for (const one of deliveries) if (isFound(one, query)) found.push(one);
    if (next === undefined && found.length <= query.limit) return { deliveries: found };
    const beyond = found[query.limit]?.receivedAt;
    if (beyond !== undefined) {
      // Pages end between milliseconds, as those of all deliveries do.
      const page = found.filter(({ receivedAt }) => receivedAt > beyond);
      if (page.length > 0) return { deliveries: page, next: page.at(-1)?.receivedAt ?? beyond };
      return { deliveries: found.filter(({ receivedAt }) => receivedAt === beyond), next: beyond };
    }
    before = next;
  }
  return { deliveries: found, ...(before !== undefined && { next: before, searched: 'in part' as const }) };
}

/** What came before `since` ends the list: it is in the order in which they came. */
async function pageOf(inbox: Pick<Inbox, 'list'>, query: DeliveriesQuery): Promise<DeliveriesAnswer> {
  const { since = 0, until = Number.MAX_SAFE_INTEGER, before = Number.MAX_SAFE_INTEGER } = query;
  const last = Math.min(before, until);
  const { deliveries, next, ...rest } = await anyPageOf(inbox, {
    ...query,
    before: last === Number.MAX_SAFE_INTEGER ? undefined : last,
  });
  const page = deliveries.filter(({ receivedAt }) => receivedAt >= since);
  const isLast = next === undefined || next <= since || page.length < deliveries.length;
  return { deliveries: page, ...rest, ...(!isLast && { next }) };
}

async function anyPageOf(inbox: Pick<Inbox, 'list'>, query: DeliveriesQuery): Promise<DeliveriesAnswer> {
  const { limit, source, repository, state, failed, before } = query;
  const filter: Omit<DeliveryFilter, 'limit'> = {
    ...(source !== undefined && { source }),
    ...(repository !== undefined && { repository }),
    ...((state === 'failed' || state === 'waiting') && { maybe: state }),
    ...(isYes(failed) && { failed: true }),
    ...(before !== undefined && { before }),
  };
  const found = await inbox.list({ ...filter, limit: limit + 1 });
  const beyond = found[limit]?.receivedAt;
  if (beyond === undefined) return { deliveries: found };
  const page = found.slice(0, limit);
  const whole = page.at(-1)?.receivedAt === beyond ? page.filter(({ receivedAt }) => receivedAt !== beyond) : page;
  const last = whole.at(-1);
  if (last) return { deliveries: whole, next: last.receivedAt };
  const atOnce = await inbox.list({ ...filter, limit: MAX_AT_ONCE });
  return { deliveries: atOnce.filter(({ receivedAt }) => receivedAt === beyond), next: beyond };
}

/**
 * Returns a delivery with the states of its runs, and with what was sent and how it differs from the one before if that is wanted;
 * undefined if there is none.
 */
export async function showDelivery(
  deps: RunStateDeps & ApprovalsDeps & { readonly verifiedBy: (source: string) => string | undefined },
  inbox: CompareInbox,
  {
    withContent = false,
    withDiff = false,
    ...name
  }: DeliveryName & { readonly withContent?: boolean; readonly withDiff?: boolean },
): Promise<ShownDelivery | undefined> {
  const record = await findDelivery(inbox, name);
  if (!record) return undefined;
  const dispatches = await Promise.all(
    record.dispatches.map(async (dispatch) => {
      const state = await stateOf(deps, dispatch);
      return { ...dispatch, run: await withApprovals(deps, dispatch.workflowId, state) };
    }),
  );
  const verifiedBy = deps.verifiedBy(record.source);
  const content = withContent ? await contentOf(inbox, record) : undefined;
  const diff = withDiff ? await compareDelivery(inbox, record) : undefined;
  return {
    ...record,
    ...(verifiedBy !== undefined && { verifiedBy }),
    dispatches,
    ...(content && { content }),
    ...(diff && { diff }),
  };
}

/** Returns the state of a run that a delivery asked for: the inbox knows whether it was started, Temporal the rest. */
export async function stateOf(deps: RunStateDeps, dispatch: DispatchRecord): Promise<RunState> {
  if (dispatch.state === 'failed') {
    return { status: 'failed to start', ...(dispatch.error !== undefined && { error: dispatch.error }) };
  }
  if (dispatch.state === 'waiting') return { status: 'waiting', standing: waitWords(dispatch) };
  if (dispatch.state === 'superseded') {
    const { supersededBy } = dispatch;
    return { status: 'superseded', ...(supersededBy && { standing: `superseded by ${supersededBy}` }) };
  }
  if (dispatch.state === 'refused') return { status: 'refused', ...(dispatch.because && { error: dispatch.because }) };
  // An attempt whose answer was lost may have started it already; the dispatcher soon finds out.
  if (dispatch.state === 'pending') return { status: 'waiting' };
  return (await runWithItsRuns(deps, dispatch.workflowId)) ?? { status: 'forgotten' };
}
