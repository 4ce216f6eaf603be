import type { DeliveryToKeep, Kept } from '../../backend.js';
import { forgottenKey } from '../../forgotten-key.js';
import type { Queries } from '../database.js';
import { whole } from '../values.js';
import { deliveriesBySeq } from './deliveries.js';
import { insertDeliveries } from './insert.js';
import { enterStarts } from './lanes.js';
import { lockNames, placeLock } from './lock.js';

/** Which delivery one repeats: by its running number, or by its place among those that come with it. */
interface Repeat {
  readonly repeats: 'key' | 'body';
  readonly first: number | DeliveryToKeep;
}

interface Known {
  readonly place: number;
  readonly byKey: number | null;
  readonly byBody: number | null;
  readonly bodyReceivedAt: number | null;
}

/**
 * Keeps several deliveries, as if one after the other; answers each in order. To be called in a transaction of its own,
 * which locks their keys and bodies first: whoever brings the same ones to another server waits for this one's end, and
 * then finds them.
 */
export async function acceptTogether(queries: Queries, deliveries: readonly DeliveryToKeep[]): Promise<Kept[]> {
  await lockNames(
    queries,
    deliveries.flatMap(({ source, key, bodyHash }) => [`key\0${source}\0${key}`, `body\0${source}\0${bodyHash}`]),
    deliveries.flatMap(({ source, repository }) => (repository === undefined ? [] : placeLock({ source, repository }))),
  );
  const known = await findKnown(queries, deliveries);
  const fresh: DeliveryToKeep[] = [];
  const repeats = deliveries.map((delivery, place) => {
    const repeat = repeatOf(delivery, { known: known.get(place), fresh });
    if (!repeat) fresh.push(delivery);
    return repeat;
  });
  const seqs = fresh.length > 0 ? await insertDeliveries(queries, fresh) : new Map<string, number>();
  await enterLanes(queries, fresh, seqs);
  const seqOf = ({ first }: Repeat) => (typeof first === 'number' ? first : (seqs.get(first.id) ?? -1));
  const wanted = [...new Set(repeats.flatMap((repeat) => (repeat ? [seqOf(repeat)] : [])))];
  const rows = wanted.length > 0 ? await deliveriesBySeq(queries, wanted) : new Map<number, never>();
  return repeats.map((repeat): Kept => {
    if (!repeat) return undefined;
    const first = rows.get(seqOf(repeat));
    if (!first) throw new Error('A delivery is gone that was there a moment ago.');
    return { repeats: repeat.repeats, first };
  });
}

/** Lets those starts in that have lanes. */
async function enterLanes(
  queries: Queries,
  deliveries: readonly DeliveryToKeep[],
  seqs: ReadonlyMap<string, number>,
): Promise<void> {
  const starts = deliveries.flatMap(({ id, source: flow, receivedAt: since, starts }) =>
    starts.flatMap(({ workflowId, automation, part, how = null, lane }) =>
      lane ? { workflowId, automation, part, how, lane, delivery: seqs.get(id) ?? null, flow, since } : [],
    ),
  );
  if (starts.length > 0) await enterStarts(queries, { starts, again: false });
}

/** A statement of its own: only one that begins after the locks were had sees what their last holders stored. */
async function findKnown(queries: Queries, deliveries: readonly DeliveryToKeep[]): Promise<Map<number, Known>> {
  const rows = await queries.rows<Known>(
    `SELECT given.place::int - 1 AS place, k.seq AS "byKey", b.seq AS "byBody", b.received_at AS "bodyReceivedAt"
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
            WITH ORDINALITY AS given (source, key, body_hash, since, not_repeated, forgotten, place)
     LEFT JOIN LATERAL (
       SELECT d.seq FROM hookyard_deliveries d
       WHERE d.key IN (given.key, given.forgotten) AND d.source = given.source LIMIT 1
     ) k ON true
     LEFT JOIN LATERAL (
       SELECT d.seq, d.received_at FROM hookyard_deliveries d
       WHERE d.source = given.source AND d.body_hash = given.body_hash AND d.received_at >= given.since
         AND d.event_name IS DISTINCT FROM given.not_repeated
       ORDER BY d.received_at LIMIT 1
     ) b ON true
     WHERE k.seq IS NOT NULL OR b.seq IS NOT NULL`,
    deliveries.map(({ source }) => source),
    deliveries.map(({ key }) => key),
    deliveries.map(({ bodyHash }) => bodyHash),
    deliveries.map(({ repeatedSince }) => whole(repeatedSince)),
    deliveries.map(({ notRepeated }) => notRepeated ?? null),
    deliveries.map(({ source, key }) => forgottenKey(source, key)),
  );
  return new Map(rows.map((row) => [row.place, row]));
}

/** The key comes before the body, and of several of one body the oldest is meant. */
function repeatOf(
  { source, key, bodyHash, repeatedSince, notRepeated }: DeliveryToKeep,
  { known, fresh }: { known: Known | undefined; fresh: readonly DeliveryToKeep[] },
): Repeat | undefined {
  const sameKey = known?.byKey ?? fresh.find((other) => other.source === source && other.key === key);
  if (sameKey !== undefined) return { repeats: 'key', first: sameKey };
  let first: number | DeliveryToKeep | undefined = known?.byBody ?? undefined;
  let receivedAt = known?.bodyReceivedAt ?? Number.POSITIVE_INFINITY;
  for (const other of fresh) {
    const isSame =
      other.source === source &&
      other.bodyHash === bodyHash &&
      other.receivedAt >= repeatedSince &&
      other.eventName !== notRepeated;
    if (!isSame || other.receivedAt >= receivedAt) continue;
    first = other;
    receivedAt = other.receivedAt;
  }
  return first === undefined ? undefined : { repeats: 'body', first };
}
