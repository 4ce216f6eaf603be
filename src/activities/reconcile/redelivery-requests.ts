import { z } from 'zod';
import type { Store } from '../../store/store.js';
import type { ReconcilePageInput } from '../contract/index.js';
import type { MissingDelivery } from './find-missing.js';
import { putRecord } from './put-record.js';
import { targetKey } from './target-key.js';

/** Kept with the synced records, in a collection that automations can't write to. */
const REQUESTS = 'hookyard.open';
/** Open requests of a target, without those that are given up. Further ones wait until some of these have come. */
const MAX_OPEN = 5_000;
/** The same in a pass that somebody asked for. */
const MAX_ASKED = 10_000;
/** How many keys the inbox looks up at once. */
const MAX_KEYS = 1_000;
/** Below the time that a pass reads again, so that an attempt is in sight whenever the next request is due. */
const MAX_WAIT_MS = 30 * 60_000;
const DAY_MS = 86_400_000;
/** Longer than any provider lists an attempt. */
const FORGOTTEN_MS = 8 * DAY_MS;

/** Each as a row: key, first, last, pass. */
const requestsSchema = z.object({ open: z.array(z.tuple([z.string(), z.number(), z.number(), z.number()])) });

/** The requests for one delivery that has not come. All Unix ms. */
interface RedeliveryRequest {
  /** When it was requested first. */
  readonly first: number;
  readonly last: number;
  /** When the pass began that saw it last. */
  readonly pass: number;
}

type TargetOf = Pick<ReconcilePageInput, 'source' | 'target'>;

/** The deliveries of a target that were requested and have not come, by key. */
export type RedeliveryRequests = Map<string, RedeliveryRequest>;

/** Returns the stored requests of a target. */
export async function readRequests({ records }: Pick<Store, 'records'>, of: TargetOf): Promise<RedeliveryRequests> {
  const record = await records.get(REQUESTS, targetKey(of));
  const rows = requestsSchema.safeParse(record?.data).data?.open ?? [];
  return new Map(rows.map(([key, first, last, pass]) => [key, { first, last, pass }]));
}

/** Stores the requests of a target in place of the earlier ones. */
export async function writeRequests(
  { records }: Pick<Store, 'records'>,
  of: TargetOf,
  open: RedeliveryRequests,
): Promise<void> {
  const rows = [...open].map(([key, { first, last, pass }]) => [key, first, last, pass]);
  await putRecord(records, { collection: REQUESTS, key: targetKey(of), data: { open: rows } });
}

/** Removes the requests whose delivery has come, and those too old to be listed. `now`: Unix ms. */
export async function pruneRequests({ records, inbox }: Pick<Store, 'records' | 'inbox'>, of: TargetOf, now: number) {
  const open = await readRequests({ records }, of);
  const before = open.size;
  for (const [key, { last }] of open) if (last < now - FORGOTTEN_MS) open.delete(key);
  const keys = [...open.keys()];
  for (let from = 0; from < keys.length; from += MAX_KEYS)
    for (const key of await inbox.has(of.source, keys.slice(from, from + MAX_KEYS))) open.delete(key);
  if (open.size < before) await writeRequests({ records }, of, open);
}

/** Which deliveries are asked for again now. */
export interface RequestPlan {
  /** Deliveries that no earlier page of this pass showed. */
  readonly fresh: readonly MissingDelivery[];
  /** Deliveries to request now. */
  readonly due: readonly MissingDelivery[];
  /** Deliveries requested in vain for as many days as the provider keeps them. */
  readonly givenUp: readonly MissingDelivery[];
  /** How many there was no room to remember. They are not requested. */
  readonly beyond: number;
}

/**
 * Returns which of a page's missing deliveries to request. Within a pass each is handled once, on the page of its
 * newest attempt. Scheduled passes request a delivery at once, again with the next pass, and then after twice the time
 * each, up to half an hour, for `days`; a pass that somebody asked for requests all, and restarts their schedule.
 * `began`: Unix ms.
 */
export function planRequests(
  missing: readonly MissingDelivery[],
  open: RedeliveryRequests,
  { began, asked, days }: { began: number; asked: boolean; days: number },
): RequestPlan {
  const now = Date.now();
  const fresh = missing.filter(({ key }) => open.get(key)?.pass !== began);
  const known = fresh.filter(({ key }) => open.has(key));
  const unknown = fresh.filter(({ key }) => !open.has(key));
  const isOld = ({ first }: RedeliveryRequest) => began - first > days * DAY_MS;
  const isGivenUp = ({ key }: MissingDelivery) =>
    !asked && isOld(open.get(key) ?? { first: began, last: began, pass: began });
  const held = [...open.values()].filter((one) => !isOld(one)).length;
  const room = Math.max(0, (asked ? MAX_ASKED : MAX_OPEN) - held);
  const isDue = ({ key }: MissingDelivery) => {
    const { first, last } = open.get(key) ?? { first: now, last: now };
    // A time in the future was written by a clock that was ahead: it delays nothing.
    return asked || now < last || now - last >= Math.min(MAX_WAIT_MS, last - first);
  };
  const tried = new Set([...known.filter((one) => !isGivenUp(one) && isDue(one)), ...unknown.slice(0, room)]);
  return {
    fresh,
    // In the order in which they were sent.
    due: fresh.filter((one) => tried.has(one)),
    givenUp: known.filter(isGivenUp),
    beyond: Math.max(0, unknown.length - room),
  };
}

/** A page of deliveries, with what was asked for before. */
export interface RequestedPage extends Pick<RequestPlan, 'fresh'> {
  /** Keys that were requested. */
  readonly done: readonly string[];
  /** Keys that were answered with 2xx: repeats of what has come. */
  readonly answered: readonly string[];
  readonly began: number;
  readonly asked: boolean;
}

/** Enters what was done for a page into the requests. Returns whether that changed anything. */
export function noteRequested(
  open: RedeliveryRequests,
  { fresh, done, answered, began, asked }: RequestedPage,
): boolean {
  const now = Date.now();
  const forgotten = answered.filter((key) => open.delete(key));
  for (const { key } of fresh) {
    const known = open.get(key);
    if (known) open.set(key, { ...known, pass: began });
  }
  for (const key of done) {
    const first = asked ? now : (open.get(key)?.first ?? now);
    open.set(key, { first, last: now, pass: began });
  }
  return fresh.length > 0 || done.length > 0 || forgotten.length > 0;
}
