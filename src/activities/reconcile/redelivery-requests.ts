import { z } from 'zod';
import type { Store } from '../../store/store.js';
import type { ReconcilePageInput } from '../contract/index.js';
import type { Missing } from './missing.js';
import { overwrite } from './put-record.js';
import { targetKey } from './target-key.js';

/** What was asked for is kept with the synced records, under a name that automations can't write to. */
const OPEN = 'hookyard.open';
/** Of a target, without those that are given up. Those beyond wait until some of these have come. */
const MAX_OPEN = 5_000;
/** With those that a look asks for which somebody asked for. */
const MAX_ASKED = 10_000;
/** No more than the inbox answers at once. */
const MAX_KEYS = 1_000;
/** Below what a look sees again of the time before it: there is an attempt in sight whenever the next one is due. */
const MAX_WAIT_MS = 30 * 60_000;
const DAY_MS = 86_400_000;
/** No provider lists an attempt for longer. */
const FORGOTTEN_MS = 8 * DAY_MS;

/** Each as a row: key, and in Unix ms when it was asked for first and last, and when the look began that saw it last. */
const openSchema = z.object({ open: z.array(z.tuple([z.string(), z.number(), z.number(), z.number()])) });

/** A delivery that was asked for and has not come. All Unix ms. */
interface Asked {
  readonly first: number;
  readonly last: number;
  /** When the look began that saw it last. */
  readonly look: number;
}

type Of = Pick<ReconcilePageInput, 'source' | 'target'>;

/** The deliveries of a target that were asked for and have not come, by key. */
export type OpenDeliveries = Map<string, Asked>;

export async function readOpen({ records }: Pick<Store, 'records'>, of: Of): Promise<OpenDeliveries> {
  const record = await records.get(OPEN, targetKey(of));
  const rows = openSchema.safeParse(record?.data).data?.open ?? [];
  return new Map(rows.map(([key, first, last, look]) => [key, { first, last, look }]));
}

export async function writeOpen({ records }: Pick<Store, 'records'>, of: Of, open: OpenDeliveries): Promise<void> {
  const rows = [...open].map(([key, { first, last, look }]) => [key, first, last, look]);
  await overwrite(records, { collection: OPEN, key: targetKey(of), data: { open: rows } });
}

/** Forgets what has come since, and what is too old to be listed: the first thing that a look does. */
export async function tidyOpen({ records, inbox }: Pick<Store, 'records' | 'inbox'>, of: Of, now: number) {
  const open = await readOpen({ records }, of);
  const before = open.size;
  for (const [key, { last }] of open) if (last < now - FORGOTTEN_MS) open.delete(key);
  const keys = [...open.keys()];
  for (let from = 0; from < keys.length; from += MAX_KEYS)
    for (const key of await inbox.has(of.source, keys.slice(from, from + MAX_KEYS))) open.delete(key);
  if (open.size < before) await writeOpen({ records }, of, open);
}

export interface Judged {
  /** Those that no earlier page of this look showed. */
  readonly fresh: readonly Missing[];
  /** Those that are to be asked for now. */
  readonly due: readonly Missing[];
  /** Asked for over as many days as the provider keeps deliveries: enough. */
  readonly givenUp: readonly Missing[];
  /** How many there was no room to remember. They are not asked for. */
  readonly beyond: number;
}

/**
 * Says which of a page's missing deliveries are to be asked for. Within a look each is dealt with once, on the page of
 * its newest attempt. The scheduled looks ask at once, again with the next look, and then after twice the time each, up
 * to half an hour, for `days`; a look that somebody asked for asks for all, and makes them begin anew.
 */
export function judgeMissing(
  missing: readonly Missing[],
  open: OpenDeliveries,
  { began, asked, days }: { began: number; asked: boolean; days: number },
): Judged {
  const now = Date.now();
  const fresh = missing.filter(({ key }) => open.get(key)?.look !== began);
  const known = fresh.filter(({ key }) => open.has(key));
  const unknown = fresh.filter(({ key }) => !open.has(key));
  const isOld = ({ first }: Asked) => began - first > days * DAY_MS;
  const isGivenUp = ({ key }: Missing) => !asked && isOld(open.get(key) ?? { first: began, last: began, look: began });
  const held = [...open.values()].filter((one) => !isOld(one)).length;
  const room = Math.max(0, (asked ? MAX_ASKED : MAX_OPEN) - held);
  const isDue = ({ key }: Missing) => {
    const { first, last } = open.get(key) ?? { first: now, last: now };
    // A clock that was ahead makes nothing wait.
    return asked || now < last || now - last >= Math.min(MAX_WAIT_MS, last - first);
  };
  const tried = new Set([...known.filter((one) => !isGivenUp(one) && isDue(one)), ...unknown.slice(0, room)]);
  return {
    fresh,
    // In the order that they came in.
    due: fresh.filter((one) => tried.has(one)),
    givenUp: known.filter(isGivenUp),
    beyond: Math.max(0, unknown.length - room),
  };
}

export interface PageDone extends Pick<Judged, 'fresh'> {
  /** Keys that were asked for. */
  readonly done: readonly string[];
  /** Keys that were answered with 2xx: repeats of what has come. */
  readonly answered: readonly string[];
  readonly began: number;
  readonly asked: boolean;
}

/** Notes what a page has come to. Answers whether there was anything to note. */
export function noteAsked(open: OpenDeliveries, { fresh, done, answered, began, asked }: PageDone): boolean {
  const now = Date.now();
  const forgotten = answered.filter((key) => open.delete(key));
  for (const { key } of fresh) {
    const known = open.get(key);
    if (known) open.set(key, { ...known, look: began });
  }
  for (const key of done) {
    const first = asked ? now : (open.get(key)?.first ?? now);
    open.set(key, { first, last: now, look: began });
  }
  return fresh.length > 0 || done.length > 0 || forgotten.length > 0;
}
