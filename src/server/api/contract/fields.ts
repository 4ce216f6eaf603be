import { z } from 'zod';

/** Returns the schema of a list that nobody changes. */
export function list<T extends z.ZodType>(item: T) {
  return z.array(item).readonly();
}

/** The schema of a time, as ISO 8601. */
export const isoTime = z.string().meta({ format: 'date-time' });

/** The schema of a time in Unix ms. */
export const unixMs = z.number().describe('Unix ms');

/** The schema of a length of time in milliseconds. */
export const milliseconds = z.number().describe('milliseconds');

/** The schema of what is there only where it is so. */
export const yes = z.literal(true);
