import { createHash } from 'node:crypto';
import type { DeliveryRecord, Inbox, NewDelivery } from '../store/store.js';
import type { Decision } from './decide.js';
import type { Delivery } from './delivery.js';
import { lastLeft } from './left-in-between.js';

/** For how long the second of two hooks may tell what the first has told. */
const RETOLD_MS = 10 * 60_000;

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
 * same commit. So is what an event of another name has told of a few minutes ago: hooks of two sorts tell of the same. What
 * happens again is told by both again, and the one that was stored first starts the run each time.
 */
export async function accept(delivery: Delivery, decision: Decision, inbox: AcceptingInbox): Promise<Accepted> {
  const row = rowOf(delivery, decision);
  const acceptance = await inbox.accept(row);
  if (!acceptance.stored && acceptance.repeats === 'body') {
    if (row.repeatsOtherEvents) return { kept: acceptance.first, repeats: 'event' };
    const left = await lastLeft(row, { first: acceptance.first, inbox });
    // The store took the body's memory with it; the first one's has the same bytes.
    const body = left === undefined ? undefined : await inbox.body(acceptance.first.id);
    if (left !== undefined && body) {
      const again = await inbox.accept({ ...row, body, repeatedSince: left });
      return again.stored ? { kept: row } : { kept: again.first, repeats: again.repeats };
    }
  }
  return acceptance.stored ? { kept: row } : { kept: acceptance.first, repeats: acceptance.repeats };
}

function rowOf(delivery: Delivery, decision: Decision): NewDelivery {
  if ('ignored' in decision) return { ...delivery, events: [], ignored: decision.ignored, verdicts: [] };
  const { events, verdicts, telling } = decision;
  const row: NewDelivery = { ...delivery, events, verdicts };
  const hasOwnWindow = delivery.repeatedSince <= delivery.receivedAt;
  if (telling === undefined || hasOwnWindow) return row;
  const bodyHash = createHash('sha256').update(`telling\0${telling}`).digest('hex');
  return { ...row, bodyHash, repeatedSince: Math.floor(delivery.receivedAt - RETOLD_MS), repeatsOtherEvents: true };
}
