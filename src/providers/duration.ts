import { z } from 'zod';

/** The schema of a length of time in words: "10 minutes". */
export const duration = z.string().regex(/^[1-9]\d{0,3} (second|minute|hour|day)s?$/, 'must read like "10 minutes"');

const UNITS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Returns the milliseconds of a length of time that {@link duration} accepts. */
export function msOf(words: string): number {
  const [count = '', unit = ''] = words.split(' ');
  return Number(count) * UNITS[unit.replace(/s$/, '') as keyof typeof UNITS];
}
