import type { Connection } from '../connection.js';
import { type DeliveryRow, deliveryWhere } from './deliveries.js';

/** A delivery with its JSON already in text. */
export interface DeliveryToKeep {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly repeatedSince: number;
  readonly eventName: string;
  readonly receivedAt: number;
  readonly headers: string;
  readonly event: string | undefined;
  readonly ignored: string | undefined;
  readonly verdicts: string;
  readonly body: Uint8Array;
  readonly starts: readonly { readonly workflowId: string; readonly automation: string }[];
}

/** What {@link acceptDelivery} answers. */
export type Kept = { repeats: 'key' | 'body'; first: DeliveryRow } | undefined;

/** Answers with the delivery that this one repeats, or keeps it and answers undefined. */
export function acceptDelivery(connection: Connection, delivery: DeliveryToKeep): Kept {
  const { source, key, bodyHash, repeatedSince } = delivery;
  const known = deliveryWhere(connection, 'd.key = ? AND d.source = ?', key, source);
  if (known) return { repeats: 'key', first: known };
  const repeated = deliveryWhere(
    connection,
    'd.source = ? AND d.body_hash = ? AND d.received_at >= ? ORDER BY d.received_at',
    source,
    bodyHash,
    repeatedSince,
  );
  if (repeated) return { repeats: 'body', first: repeated };
  insert(connection, delivery);
  return undefined;
}

function insert(connection: Connection, delivery: DeliveryToKeep): void {
  const { seq } = connection.run(
    `INSERT INTO deliveries
       (id, source, key, body_hash, event_name, received_at, headers, event, ignored, verdicts, body_bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    delivery.id,
    delivery.source,
    delivery.key,
    delivery.bodyHash,
    delivery.eventName,
    delivery.receivedAt,
    delivery.headers,
    delivery.event,
    delivery.ignored,
    delivery.verdicts,
    delivery.body.byteLength,
  );
  connection.run('INSERT INTO bodies (delivery, body) VALUES (?, ?)', seq, delivery.body);
  // A sender's clock that runs ahead doesn't hold a start back.
  const dueAt = Math.min(delivery.receivedAt, Date.now());
  for (const { workflowId, automation } of delivery.starts) {
    connection.run(
      `INSERT INTO dispatches (id, kind, delivery, workflow_id, name, due_at, since)
       VALUES (?, 'start', ?, ?, ?, ?, ?)`,
      workflowId,
      seq,
      workflowId,
      automation,
      dueAt,
      delivery.receivedAt,
    );
  }
}
