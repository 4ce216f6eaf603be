import type { DeliveryFilter, DeliveryRecord, DispatchRecord, Inbox } from '../../store/store.js';
import { type RunState, type RunStateDeps, runState } from './run-state.js';

export interface DeliveriesQuery {
  readonly limit: number;
  readonly source?: string | undefined;
  readonly failed?: string | undefined;
  readonly before?: number | undefined;
}

/** Of one millisecond, where a page would break within it. */
const MAX_AT_ONCE = 1_000;

/**
 * A page of deliveries, newest first; `next` is the `before` of the page after it. Pages are divided between
 * milliseconds, because `before` can't tell apart what came within one: a page may be shorter than was asked for, and
 * longer where that many came at once.
 */
export async function listDeliveries(inbox: Pick<Inbox, 'list'>, query: DeliveriesQuery) {
  const { limit, source, failed, before } = query;
  const filter: Omit<DeliveryFilter, 'limit'> = {
    ...(source !== undefined && { source }),
    ...(failed !== undefined && failed !== 'false' && { failed: true }),
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

/** A dispatch with the state of its run: absent if Temporal has forgotten it, `unknown` if Temporal does not answer. */
export interface ShownDispatch extends DispatchRecord {
  readonly run?: RunState;
}

export interface ShownDelivery extends DeliveryRecord {
  /** How deliveries of its source are verified, where the source is still configured. */
  readonly verifiedBy?: string;
  readonly dispatches: readonly ShownDispatch[];
}

/** A delivery by our id, a beginning of it, or the provider's key. */
export async function showDelivery(
  deps: RunStateDeps & { readonly verifiedBy: (source: string) => string | undefined },
  inbox: Pick<Inbox, 'find'>,
  id: string,
): Promise<ShownDelivery | undefined> {
  const record = await inbox.find(id);
  if (!record) return undefined;
  const dispatches = await Promise.all(
    record.dispatches.map(async (dispatch) => {
      const run = await stateOf(deps, dispatch);
      return { ...dispatch, ...(run && { run }) };
    }),
  );
  const verifiedBy = deps.verifiedBy(record.source);
  return { ...record, ...(verifiedBy !== undefined && { verifiedBy }), dispatches };
}

/** Of a run that a delivery asked for, from both sides: the inbox knows whether it was started. */
export async function stateOf(deps: RunStateDeps, dispatch: DispatchRecord): Promise<RunState> {
  if (dispatch.state === 'failed') {
    return { status: 'failed to start', ...(dispatch.error !== undefined && { error: dispatch.error }) };
  }
  // A pending one may have been started already by an attempt whose answer was lost; it is noted soon.
  if (dispatch.state === 'pending') return { status: 'waiting' };
  return (await runState(deps, dispatch.workflowId)) ?? { status: 'forgotten' };
}
