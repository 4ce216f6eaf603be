import type { StartToKeep } from '../../backend.js';
import type { Connection } from '../connection.js';
import { addStarts } from './accept.js';

/** Adds starts to a delivery; false if there is none of this id. */
export function startAgain(
  connection: Connection,
  { deliveryId, starts }: { deliveryId: string; starts: readonly StartToKeep[] },
): boolean {
  const [delivery] = connection.rows<{ seq: number; source: string }>(
    'SELECT seq, source FROM deliveries WHERE id = ?',
    deliveryId,
  );
  if (!delivery) return false;
  const now = Date.now();
  addStarts(connection, { delivery: delivery.seq, flow: delivery.source, starts, dueAt: now, since: now, again: true });
  return true;
}
