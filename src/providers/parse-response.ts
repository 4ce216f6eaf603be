import type { z } from 'zod';
import type { Response } from '../http/json-client.js';
import { ProviderError } from './error.js';

/**
 * Takes from an answer what a schema names. What is not as the provider documents it is trouble of the moment: a proxy's
 * page, an answer that was cut. Throws {@link ProviderError} (`unavailable`) that names the field, and never its value.
 */
export function promised<T extends z.ZodType>(
  schema: T,
  response: Response,
  { source, what }: { source: string; what: string },
): z.output<T> {
  const result = schema.safeParse(response.json);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.map(String).join('.') || 'its top level';
  throw new ProviderError(
    'unavailable',
    `the API of source ${source} answered ${response.status} with what is no ${what}: ${field} is missing or malformed`,
    { status: response.status },
  );
}
