import type { NewStart } from '../../store.js';
import type { Connection } from '../connection.js';
import { addStarts } from './accept.js';

export interface Again {
  readonly deliveryId: string;
  readonly starts: readonly NewStart[];
  /** Unix ms. */
  readonly now: number;
}

/** Adds starts to a delivery; false if there is none of this id. */
export function startAgain(connection: Connection, { deliveryId, starts, now }: Again): boolean {
  const [delivery] = connection.rows<{ seq: number }>('SELECT seq FROM deliveries WHERE id = ?', deliveryId);
  if (!delivery) return false;
  addStarts(connection, { delivery: delivery.seq, starts, dueAt: now, since: now, again: true });
  return true;
}
