import type { DeliveryRecord, Inbox, NewDelivery } from '../store/store.js';
import type { Decision } from './decide.js';
import type { Delivery } from './delivery.js';

/** What the inbox holds for a delivery that was accepted. */
export interface Accepted {
  /** The delivery itself, or the earlier one that it repeats. */
  readonly kept: NewDelivery | DeliveryRecord;
  /** What it has in common with the earlier one; absent for a delivery that is new. */
  readonly repeats?: 'key' | 'body' | undefined;
}

/** Stores a delivery with what was decided about it. Resolves when it is on disk; rejects when it can't be stored. */
export async function accept(delivery: Delivery, decision: Decision, inbox: Pick<Inbox, 'accept'>): Promise<Accepted> {
  const row: NewDelivery =
    'ignored' in decision
      ? { ...delivery, events: [], ignored: decision.ignored, verdicts: [] }
      : { ...delivery, events: decision.events, verdicts: decision.verdicts };
  const acceptance = await inbox.accept(row);
  return acceptance.stored ? { kept: row } : { kept: acceptance.first, repeats: acceptance.repeats };
}
