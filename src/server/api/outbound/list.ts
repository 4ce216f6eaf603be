import { mapAtOnce } from '../../../async/at-once.js';
import { isRefusal } from '../../../runs/refusal.js';
import type { OutboundAttempt, Store } from '../../../store/store.js';
import type { OutboundAnswer, ShownMessage } from '../contract.js';

/** Which messages are asked for. */
export interface OutboundQuery {
  readonly endpoint?: string | undefined;
  readonly message?: string | undefined;
  readonly state?: ShownMessage['state'] | undefined;
  /** Unix ms: the `next` of the page before. */
  readonly before?: number | undefined;
  /** Attempts that are looked at. */
  readonly limit: number;
}

/** Attempts of one millisecond on one page, where the page would break within it. */
const MAX_AT_ONCE = 1_000;
/** Attempts that one call looks through for messages that stand as asked. */
const MAX_SEARCHED = 2_000;
/** Messages that are looked up at a time. */
const LOOKED_UP = 8;

/**
 * Returns a page of messages, by their newest attempts, each with those of its attempts that were looked at. A message is on the page of
 * its newest attempt alone. Pages end between milliseconds: `next` can't tell apart what was tried within one.
 */
export async function listOutbound(
  attempts: Pick<Store['attempts'], 'list'>,
  { state, ...query }: OutboundQuery,
): Promise<OutboundAnswer> {
  const messages: ShownMessage[] = [];
  const met = new Set<string>();
  let next = query.before;
  for (let seen = 0; seen < MAX_SEARCHED; ) {
    const page = await pageOf(attempts, { ...query, before: next });
    seen += page.tries.length;
    // Of one that a newer page had, the newest attempt is there.
    const tries = query.message === undefined ? page.tries.filter((one) => !met.has(keyOf(one))) : page.tries;
    for (const one of tries) met.add(keyOf(one));
    const found = (await messagesOf(attempts, tries, next))
      // All attempts of one that is named are shown, page by page.
      .filter(({ last }) => query.message !== undefined || next === undefined || last.at < next)
      .map((one) => shown(one, query.message !== undefined));
    messages.push(...found.filter((one) => state === undefined || one.state === state));
    next = page.next;
    if (next === undefined || messages.length > 0) break;
  }
  return { messages, ...(next !== undefined && { next, more: true as const }) };
}

async function pageOf(
  attempts: Pick<Store['attempts'], 'list'>,
  { endpoint, message, before, limit }: Omit<OutboundQuery, 'state'>,
): Promise<{ readonly tries: readonly OutboundAttempt[]; readonly next?: number }> {
  const filter = {
    ...(endpoint !== undefined && { endpoint }),
    ...(message !== undefined && { messageId: message }),
    ...(before !== undefined && { before }),
  };
  const found = await attempts.list({ ...filter, limit: limit + 1 });
  const beyond = found[limit]?.at;
  if (beyond === undefined) return { tries: found };
  const whole = found.filter(({ at }) => at > beyond);
  const last = whole.at(-1);
  if (last) return { tries: whole, next: last.at };
  const atOnce = await attempts.list({ ...filter, limit: MAX_AT_ONCE });
  return { tries: atOnce.filter(({ at }) => at === beyond), next: beyond };
}

function keyOf({ endpoint, messageId }: OutboundAttempt): string {
  return JSON.stringify([endpoint, messageId]);
}

/** A message: some of its attempts, the newest first, and the last of all. */
interface Tried {
  readonly tries: readonly OutboundAttempt[];
  readonly last: OutboundAttempt;
}

/** Groups attempts by message. Two endpoints may be sent messages of the same id. */
async function messagesOf(
  attempts: Pick<Store['attempts'], 'list'>,
  tries: readonly OutboundAttempt[],
  before: number | undefined,
): Promise<readonly Tried[]> {
  const messages = new Map<string, OutboundAttempt[]>();
  for (const attempt of tries) {
    const key = keyOf(attempt);
    messages.set(key, [...(messages.get(key) ?? []), attempt]);
  }
  return mapAtOnce([...messages.values()], LOOKED_UP, async (tries) => {
    const [first] = tries as [OutboundAttempt];
    if (before === undefined) return { tries, last: first };
    const { messageId, endpoint } = first;
    const [last = first] = await attempts.list({ messageId, endpoint, limit: 1 });
    return { tries, last };
  });
}

function shown({ tries, last }: Tried, withAnswer: boolean): ShownMessage {
  return {
    ...{ message: last.messageId, endpoint: last.endpoint, state: stateOf(last) },
    ...(last.run !== undefined && { run: last.run }),
    attempts: tries.map(({ attempt, at, durationMs, status, error, answer }) => ({
      ...{ attempt, at, durationMs },
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error }),
      ...(withAnswer && answer !== undefined && { answer }),
    })),
  };
}

/** Returns whether the endpoint has taken the message by this attempt. */
export function isDelivered({ status = 0 }: Pick<OutboundAttempt, 'status'>): boolean {
  return status >= 200 && status < 300;
}

function stateOf({ status }: OutboundAttempt): ShownMessage['state'] {
  if (status === undefined) return 'failing';
  if (isDelivered({ status })) return 'delivered';
  return isRefusal(status) ? 'refused' : 'failing';
}
