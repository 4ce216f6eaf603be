import type { HookyardEvent } from './event.js';

/**
 * Returns a field of an event as text, by its path: `pullRequest.number`. Undefined where it is absent, empty, or no text, number
 * or boolean. A chained event answers by the event that its chain began with.
 */
export function fieldOf(event: HookyardEvent, path: string): string | undefined {
  let value: unknown = event.kind === 'chained' ? event.event : event;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
