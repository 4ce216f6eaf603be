import { createHash } from 'node:crypto';
import type { HookyardEvent } from '../events/event.js';
import type { Acceptance, DeliveryRecord, Inbox, NewDelivery } from '../store/store.js';
import type { Decision } from './decide.js';
import { type Delivery, NO_WINDOW } from './delivery.js';
import { lastLeft } from './left-in-between.js';

/** For how long the second of two hooks may tell what the first has told, in milliseconds. */
const RETOLD_MS = 10 * 60_000;
/** Deliveries of the same that one may repeat. More of them within ten minutes each count as new: none is lost. */
const MAX_TOLD = 50;

/** What accepting needs of the inbox. */
export type AcceptingInbox = Pick<Inbox, 'accept' | 'list' | 'body'>;

/** What the inbox holds for a delivery that was accepted. */
export interface Accepted {
  /** The delivery itself, or the earlier one that it repeats. */
  readonly kept: NewDelivery | DeliveryRecord;
  /** What it has in common with the earlier one; absent for a delivery that is new. */
  readonly repeats?: 'key' | 'body' | 'event' | undefined;
}

/**
 * Stores a delivery with what was decided about it. Resolves when it is on disk; rejects when it can't be stored.
 *
 * A body that was received before is a repeat, unless its refs were pushed elsewhere since: then it is another move to the
 * same commit. So is what an event of another name has told of in the last `retoldMs` (ten minutes by default): hooks of two
 * sorts tell of the same. Where no two true events have the same body, only what closes a pull request is known by what it tells.
 */
export async function accept(
  delivery: Delivery,
  decision: Decision,
  { inbox, retoldMs = RETOLD_MS }: { readonly inbox: AcceptingInbox; readonly retoldMs?: number },
): Promise<Accepted> {
  const row = rowOf(delivery, decision, retoldMs);
  if (row.repeatsOtherEvents) return acceptTold(row, inbox);
  // The store takes the memory of what it is given.
  const acceptance = await inbox.accept(isTold(decision) ? { ...row, body: Buffer.from(row.body) } : row);
  if (acceptance.stored || acceptance.repeats === 'key') return accepted(row, acceptance);
  const left = await lastLeft(row, { first: acceptance.first, inbox });
  if (left === undefined) return accepted(row, acceptance);
  // Without a telling, the first one's has the same bytes.
  const body = isTold(decision) ? row.body : await inbox.body(acceptance.first.id);
  return accepted(row, body ? await inbox.accept({ ...row, body, repeatedSince: left }) : acceptance);
}

function accepted(row: NewDelivery, acceptance: Acceptance): Accepted {
  if (acceptance.stored) return { kept: row };
  const { first, repeats } = acceptance;
  return { kept: first, repeats: repeats === 'body' && first.eventName !== row.eventName ? 'event' : repeats };
}

function isTold(decision: Decision): boolean {
  return 'events' in decision && decision.telling !== undefined;
}

/**
 * Stores a delivery of something that an event of another name may have told of before. An event of each other name repeats a
 * delivery once, so that what happens twice, and is told once by one hook and twice by the other, starts two runs. The repeat is
 * kept as well: a later copy of it is known by its key, and counts for nothing more.
 */
async function acceptTold(row: NewDelivery, inbox: AcceptingInbox): Promise<Accepted> {
  // The store takes the memory of what it is given.
  const again = (change: Partial<NewDelivery>) => inbox.accept({ ...row, ...change, body: Buffer.from(row.body) });
  let acceptance = await again({});
  for (let told = 1; !acceptance.stored && acceptance.repeats === 'body'; told++) {
    const { first } = acceptance;
    const repeat = await again(repeatOf(first, row));
    if (repeat.stored || repeat.repeats === 'key') return { kept: first, repeats: 'event' };
    acceptance = await again({ repeatedSince: told < MAX_TOLD ? first.receivedAt + 1 : NO_WINDOW });
  }
  return accepted(row, acceptance);
}

/** Returns how the repeat of another delivery is kept. Its hash is that of no other, so that a second repeat of it is found. */
function repeatOf(first: DeliveryRecord, { eventName }: NewDelivery): Partial<NewDelivery> {
  return {
    bodyHash: createHash('sha256').update(`repeats\0${first.id}\0${eventName}`).digest('hex'),
    repeatedSince: 0,
    repeatsOtherEvents: false,
    ignored: `delivery ${first.id} has told of it, as ${first.eventName}`,
    events: [],
    verdicts: [],
  };
}

function isClosing(event: HookyardEvent): boolean {
  return event.kind === 'pull_request' && event.action === 'closed';
}

function rowOf(delivery: Delivery, decision: Decision, retoldMs: number): NewDelivery {
  if ('ignored' in decision) return { ...delivery, events: [], ignored: decision.ignored, verdicts: [] };
  const { events, verdicts, telling } = decision;
  const row: NewDelivery = { ...delivery, events, verdicts };
  if (telling === undefined) return row;
  const bodyHash = createHash('sha256').update(`telling\0${telling}`).digest('hex');
  const hasOwnWindow = delivery.repeatedSince !== NO_WINDOW;
  // There the bytes tell apart what has happened, but for a pull request's closing, which is told of in several ways.
  if (hasOwnWindow) return events.some(isClosing) ? { ...row, bodyHash } : row;
  return { ...row, bodyHash, repeatedSince: Math.floor(delivery.receivedAt - retoldMs), repeatsOtherEvents: true };
}
