import type { z } from 'zod';
import { ProviderError } from './error.js';
import { MalformedPayload } from './webhook-scheme.js';

/**
 * Returns what `schema` names of a webhook's payload. Throws {@link MalformedPayload}, which names the field that is
 * wrong and never quotes its value. `what` is the payload's name in the message.
 */
export function parsePayload<T extends z.ZodType>(schema: T, payload: unknown, what: string): z.output<T> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  throw new MalformedPayload(`the body is not a ${what} payload: ${fieldOf(result.error)} is missing or malformed`);
}

/**
 * Returns what `schema` names of an API's answer. Throws {@link ProviderError} (`unavailable`, since a proxy's page or
 * an answer that was cut off passes), which names the field that is wrong and never quotes its value. `what` is the
 * answer's name in the message, `status` its HTTP status.
 */
export function parseResponse<T extends z.ZodType>(
  schema: T,
  json: unknown,
  { what, status }: { what: string; status?: number },
): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new ProviderError(
    'unavailable',
    `${what} is not as documented: ${fieldOf(result.error)} is missing or malformed`,
    status === undefined ? {} : { status },
  );
}

/** Returns the path of the first field that a schema does not accept. */
function fieldOf(error: z.ZodError): string {
  return error.issues[0]?.path.map(String).join('.') || 'its top level';
}
