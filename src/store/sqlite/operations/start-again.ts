import type { StartToKeep } from '../../backend.js';
import type { Connection } from '../connection.js';
import { addStarts } from './accept.js';

/** Adds starts to a delivery; false if there is none of this id. */
export function startAgain(
  connection: Connection,
  { deliveryId, starts }: { deliveryId: string; starts: readonly StartToKeep[] },
): boolean {
  const [delivery] = connection.rows<{ seq: number }>('SELECT seq FROM deliveries WHERE id = ?', deliveryId);
  if (!delivery) return false;
  const now = Date.now();
  addStarts(connection, { delivery: delivery.seq, starts, dueAt: now, since: now, again: true });
  return true;
}
