import type { z } from 'zod';
import { ProviderError } from '../../error.js';

/**
 * Takes from an answer what a schema names. Throws {@link ProviderError} (`unavailable`: it may be a proxy that speaks)
 * that says which field is wrong and never quotes what it holds.
 */
export function narrow<T extends z.ZodType>(schema: T, data: unknown, asked: string): z.output<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.map(String).join('.') || 'its top level';
  throw new ProviderError(
    'unavailable',
    `GitHub's answer to ${asked} is not as documented: ${field} is missing or malformed`,
  );
}
