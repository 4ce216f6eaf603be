import type { DeliveryToKeep, Kept, StartToKeep } from '../../backend.js';
import { forgottenKey } from '../../forgotten-key.js';
import type { Connection } from '../connection.js';
import { deliveryWhere } from './deliveries.js';
import { enterStarts } from './lanes.js';

/** Answers with the delivery that this one repeats, or keeps it and answers undefined. */
export function acceptDelivery(connection: Connection, delivery: DeliveryToKeep): Kept {
  const seq = insertUnlessKnown(connection, delivery);
  if (seq === undefined) return repeatOf(connection, delivery);
  connection.run('INSERT INTO bodies (delivery, body) VALUES (?, ?)', seq, delivery.body);
  // A sender's clock that runs ahead doesn't hold a start back.
  const dueAt = Math.min(delivery.receivedAt, Date.now());
  const { source: flow, starts, receivedAt: since } = delivery;
  addStarts(connection, { delivery: seq, flow, starts, dueAt, since });
  return undefined;
}

/**
 * Looks and writes in one statement, since nearly all are new. Answers the running number; undefined if it is known.
 */
function insertUnlessKnown(connection: Connection, delivery: DeliveryToKeep): number | undefined {
  const { changes, seq } = connection.run(
    `INSERT INTO deliveries
       (id, source, key, body_hash, event_name, received_at, headers, events, ignored, verdicts, body_bytes, repository, repository_name)
     SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
     WHERE NOT EXISTS (
       SELECT 1 FROM deliveries WHERE source = ? AND body_hash = ? AND received_at >= ? AND event_name IS NOT ?
     )
     ON CONFLICT DO NOTHING`,
    delivery.id,
    delivery.source,
    delivery.key,
    delivery.bodyHash,
    delivery.eventName,
    delivery.receivedAt,
    delivery.headers,
    delivery.events,
    delivery.ignored,
    delivery.verdicts,
    delivery.body.byteLength,
    delivery.repository ?? null,
    delivery.repositoryName,
    delivery.source,
    delivery.bodyHash,
    delivery.repeatedSince,
    delivery.notRepeated ?? null,
  );
  return changes > 0 ? seq : undefined;
}

/** The key comes before the body, and of several of one body the oldest is meant. */
function repeatOf(
  connection: Connection,
  { id, source, key, bodyHash, repeatedSince, notRepeated }: DeliveryToKeep,
): Kept {
  const keys = [key, forgottenKey(source, key)];
  const known = deliveryWhere(connection, 'd.key IN (?, ?) AND d.source = ?', ...keys, source);
  if (known) return { repeats: 'key', first: known };
  const repeated = deliveryWhere(
    connection,
    'd.source = ? AND d.body_hash = ? AND d.received_at >= ? AND d.event_name IS NOT ? ORDER BY d.received_at',
    source,
    bodyHash,
    repeatedSince,
    notRepeated ?? null,
  );
  if (repeated) return { repeats: 'body', first: repeated };
  throw new Error(`A delivery was not kept: its id ${id} is that of another one.`);
}

interface Starts {
  /** The delivery's running number. */
  readonly delivery: number;
  readonly flow: string;
  readonly starts: readonly StartToKeep[];
  /** Unix ms, both. */
  readonly dueAt: number;
  readonly since: number;
  readonly again?: boolean;
}

/** Keeps what is to be started, or lets it enter its lane. With `again`, a workflow id that is there already changes nothing. */
export function addStarts(
  connection: Connection,
  { delivery, flow, starts, dueAt, since, again = false }: Starts,
): void {
  const entering = starts.flatMap(({ workflowId, automation, part, how = null, lane }) =>
    lane ? { workflowId, automation, part, how, lane, delivery, flow, since } : [],
  );
  if (entering.length > 0) enterStarts(connection, { starts: entering, again });
  for (const { workflowId, automation, part, how, lane } of starts) {
    if (lane) continue;
    connection.run(
      `INSERT INTO dispatches (id, kind, flow, delivery, workflow_id, name, part, how, due_at, since)
       VALUES (?, 'start', ?, ?, ?, ?, ?, ?, ?, ?) ${again ? 'ON CONFLICT (id) DO NOTHING' : ''}`,
      workflowId,
      flow,
      delivery,
      workflowId,
      automation,
      part,
      how,
      dueAt,
      since,
    );
  }
}
