import type { Connection } from '../connection.js';

export interface Again {
  readonly deliveryId: string;
  readonly starts: readonly { readonly workflowId: string; readonly automation: string }[];
  /** Unix ms. */
  readonly now: number;
}

/** Adds starts to a delivery; false if there is none of this id. */
export function startAgain(connection: Connection, { deliveryId, starts, now }: Again): boolean {
  const [delivery] = connection.rows<{ seq: number }>('SELECT seq FROM deliveries WHERE id = ?', deliveryId);
  if (!delivery) return false;
  for (const { workflowId, automation } of starts) {
    connection.run(
      `INSERT INTO dispatches (id, kind, delivery, workflow_id, name, due_at, since)
       VALUES (?, 'start', ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      workflowId,
      delivery.seq,
      workflowId,
      automation,
      now,
      now,
    );
  }
  return true;
}
