import type { z } from 'zod';
import { MalformedPayload } from './webhook-scheme.js';

/**
 * Takes from a payload what a schema names. Throws {@link MalformedPayload} that says which field is wrong and never
 * quotes what it holds.
 */
export function narrow<T extends z.ZodType>(schema: T, payload: unknown, what: string): z.output<T> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.map(String).join('.') || 'its top level';
  throw new MalformedPayload(`the body is not a ${what} payload: ${field} is missing or malformed`);
}
