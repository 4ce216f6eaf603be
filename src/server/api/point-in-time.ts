import { msOf } from './length-of-time.js';

const DATE = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** The forms that {@link timeOf} reads, in words. */
export const TIMES = '30m, 2h or 3d, or a date: 2026-11-26, 2026-11-26T12:00Z';

/**
 * Returns the point in time that a text says, in Unix ms: a date, or a length of time that lies between it and now. Undefined for any
 * other text. What was before 1970 is 1970. `zone`: that of a time which names none.
 */
export function timeOf(text: string, { zone }: { readonly zone: 'here' | 'UTC' }): number | undefined {
  const ago = msOf(text);
  if (ago !== undefined) return Date.now() - ago;
  const [, day, time, said] = DATE.exec(text) ?? [];
  const isOpen = time !== undefined && said === undefined;
  if (day === undefined || !isDay(day)) return undefined;
  const ms = Date.parse(isOpen && zone === 'UTC' ? `${text}Z` : text);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Says whether the calendar has a day: of 30 February, `Date` makes 2 March. */
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
