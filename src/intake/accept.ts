import type { DeliveryRecord, Inbox, NewDelivery } from '../store/store.js';
import type { Decision } from './decide.js';
import type { Delivery } from './delivery.js';
import { lastLeft } from './left-in-between.js';

/** What accepting needs of the inbox. */
export type AcceptingInbox = Pick<Inbox, 'accept' | 'list' | 'body'>;

/** What the inbox holds for a delivery that was accepted. */
export interface Accepted {
  /** The delivery itself, or the earlier one that it repeats. */
  readonly kept: NewDelivery | DeliveryRecord;
  /** What it has in common with the earlier one; absent for a delivery that is new. */
  readonly repeats?: 'key' | 'body' | undefined;
}

/**
 * Stores a delivery with what was decided about it. Resolves when it is on disk; rejects when it can't be stored.
 *
 * A body that was received before is a repeat, unless its refs were pushed elsewhere since: then it is another move to the
 * same commit.
 */
export async function accept(delivery: Delivery, decision: Decision, inbox: AcceptingInbox): Promise<Accepted> {
  const row: NewDelivery =
    'ignored' in decision
      ? { ...delivery, events: [], ignored: decision.ignored, verdicts: [] }
      : { ...delivery, events: decision.events, verdicts: decision.verdicts };
  const acceptance = await inbox.accept(row);
  if (!acceptance.stored && acceptance.repeats === 'body') {
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
