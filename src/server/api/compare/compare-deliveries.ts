import { setImmediate as nextTurn } from 'node:timers/promises';
import { isEdited } from '../../../events/edited-key.js';
import type { HookyardEvent } from '../../../events/event.js';
import type { DeliveryRecord, EarlierDelivery, Inbox } from '../../../store/store.js';
import type { DeliveryDiff } from '../contract.js';
import { differencesOf } from './differences.js';
import { valueOfBody } from './value-of-body.js';

/** In bytes: reading more would hold up the deliveries that come in meanwhile. */
const MAX_BODY = 1024 * 1024;
/** Deliveries of the same event that are looked through for one of the same action. */
const MAX_LOOKED_AT = 100;

/** What {@link compareDelivery} asks. */
export type CompareInbox = Pick<Inbox, 'earlierAlike' | 'find' | 'body'>;

/**
 * Returns how a delivery differs from the one before it of the same source, event, action and repository; one that was edited, from the
 * one that it was made of.
 */
export async function compareDelivery(inbox: CompareInbox, record: DeliveryRecord): Promise<DeliveryDiff> {
  const id = record.events[0]?.edited?.from ?? (await idBefore(inbox, record));
  return differenceFrom(id === undefined ? undefined : await inbox.find(id), { inbox, record });
}

async function idBefore(inbox: CompareInbox, record: DeliveryRecord): Promise<string | undefined> {
  const earlier = await inbox.earlierAlike({ id: record.id, limit: MAX_LOOKED_AT });
  const kind = kindOf(record);
  return earlier.find((one) => !isEdited(one) && kindOf(one) === kind)?.id;
}

async function differenceFrom(
  before: DeliveryRecord | undefined,
  { inbox, record }: { readonly inbox: CompareInbox; readonly record: DeliveryRecord },
): Promise<DeliveryDiff> {
  if (!before) return { because: 'none of its kind came before it, or none that is kept' };
  const { id, receivedAt } = before;
  const headers = await differencesOf(before.headers, record.headers);
  const because = whyNoBodies(before, record);
  if (because !== undefined) return { with: { id, receivedAt }, headers, because };
  return { with: { id, receivedAt }, headers, body: await bodyDifferences(inbox, before, record) };
}

async function bodyDifferences(inbox: CompareInbox, before: DeliveryRecord, after: DeliveryRecord) {
  const values: unknown[] = [];
  for (const { id, headers } of [before, after]) {
    const body = await inbox.body(id);
    values.push(body && valueOfBody(body, headers['content-type']));
    // Each of the two may take ten milliseconds.
    await nextTurn();
  }
  return differencesOf(values[0], values[1]);
}

function whyNoBodies(before: DeliveryRecord, after: DeliveryRecord): string | undefined {
  if (after.bodyDeleted) return 'its body is not kept any more (inbox.keepLargeBodiesDays)';
  if (before.bodyDeleted) return 'the body of the one before is not kept any more (inbox.keepLargeBodiesDays)';
  const larger = Math.max(before.bodyBytes, after.bodyBytes);
  if (larger <= MAX_BODY) return undefined;
  return `one of the bodies has ${Math.ceil(larger / MAX_BODY)} MB, and up to 1 MB is compared`;
}

/** Returns what two deliveries have in common that are of one kind. A run by hand is of its automation. */
function kindOf({ events, key }: EarlierDelivery): string {
  const [first] = events;
  if (first?.kind === 'manual') return JSON.stringify(['manual', key.split('/')[0]]);
  return JSON.stringify([first?.kind, actionOf(first)]);
}

function actionOf(event: HookyardEvent | undefined): string | undefined {
  return event && 'action' in event ? event.action : undefined;
}
