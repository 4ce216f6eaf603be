import type { DeliveryRow } from './backend.js';

/** Returns deliveries that were found in several ways, each once, newest first. */
export function newestOf(found: readonly DeliveryRow[], limit: number): DeliveryRow[] {
  const each = [...new Map(found.map((row) => [row.id, row])).values()];
  return each.sort((a, b) => b.receivedAt - a.receivedAt).slice(0, limit);
}
