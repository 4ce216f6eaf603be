import type { DeliveryToKeep } from '../../backend.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';

/**
 * Keeps new deliveries with their bodies, and with the starts that are in no lane, in one statement; answers their running numbers by id. All bodies
 * travel as one value that is cut up there: a list of them would travel as text of twice the size.
 */
export async function insertDeliveries(
  queries: Queries,
  deliveries: readonly DeliveryToKeep[],
): Promise<Map<string, number>> {
  const starts = deliveries.flatMap(({ id, starts }) =>
    starts.filter(({ lane }) => !lane).map((start) => ({ id, ...start })),
  );
  const rows = await queries.rows<{ id: string; seq: number }>(
    SQL,
    deliveries.map(({ id }) => id),
    deliveries.map(({ source }) => source),
    deliveries.map(({ key }) => key),
    deliveries.map(({ bodyHash }) => bodyHash),
    deliveries.map(({ eventName }) => eventName),
    deliveries.map(({ receivedAt }) => receivedAt),
    deliveries.map(({ headers }) => headers),
    deliveries.map(({ events }) => events),
    deliveries.map(({ ignored }) => ignored ?? null),
    deliveries.map(({ verdicts }) => verdicts),
    deliveries.map(({ body }) => body.byteLength),
    beginnings(deliveries.map(({ body }) => body.byteLength)),
    Buffer.concat(deliveries.map(({ body }) => body)),
    starts.map(({ id }) => id),
    starts.map(({ workflowId }) => workflowId),
    starts.map(({ automation }) => automation),
    starts.map(({ part }) => part),
    starts.map(({ how }) => how ?? null),
    deliveries.map(({ repository }) => repository ?? null),
    deliveries.map(({ repositoryName }) => repositoryName),
  );
  return new Map(rows.map(({ id, seq }) => [id, seq]));
}

// A sender's clock that runs ahead doesn't hold a start back.
const SQL = `
  WITH given AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[],
                         $8::text[], $9::text[], $10::text[], $11::integer[], $12::integer[], $19::text[], $20::text[])
      WITH ORDINALITY AS g (id, source, key, body_hash, event_name, received_at, headers,
                            events, ignored, verdicts, body_bytes, body_at, repository, repository_name, place)
  ), kept AS (
    INSERT INTO hookyard_deliveries
      (id, source, key, body_hash, event_name, received_at, headers, events, ignored, verdicts, body_bytes, repository, repository_name)
    SELECT id, source, key, body_hash, event_name, received_at, headers, events, ignored, verdicts, body_bytes, repository, repository_name
    FROM given ORDER BY place
    RETURNING seq, id
  ), bodies AS (
    INSERT INTO hookyard_bodies (delivery, body)
    SELECT kept.seq, substring($13::bytea FROM given.body_at FOR given.body_bytes) FROM kept JOIN given USING (id)
  ), starts AS (
    INSERT INTO hookyard_dispatches (id, kind, flow, delivery, workflow_id, name, part, how, due_at, since)
    SELECT s.workflow_id, 'start', given.source, kept.seq, s.workflow_id, s.name, s.part, s.how,
           least(given.received_at, ${NOW_MS}), given.received_at
    FROM unnest($14::text[], $15::text[], $16::text[], $17::integer[], $18::text[])
           WITH ORDINALITY AS s (delivery, workflow_id, name, part, how, place)
      JOIN kept ON kept.id = s.delivery JOIN given ON given.id = s.delivery
    ORDER BY s.place
  )
  SELECT id, seq FROM kept`;

/** Where each begins when they lie one behind the other; counted from 1, as Postgres does. */
function beginnings(lengths: readonly number[]): number[] {
  let next = 1;
  return lengths.map((length) => {
    const beginning = next;
    next += length;
    return beginning;
  });
}
