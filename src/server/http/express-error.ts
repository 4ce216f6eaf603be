import { HttpError } from './http-error.js';

/**
 * Returns what is wrong with a request that Express itself has refused, or its parsers of bodies, in our words: theirs may quote what was
 * sent. Undefined for every other error.
 */
export function expressError(error: unknown): HttpError | undefined {
  const { status, limit } = (error ?? {}) as { readonly status?: unknown; readonly limit?: unknown };
  if (error instanceof HttpError || typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  // A form is refused in the same way for how many fields it has, and that limit is not told.
  if (status === 413 && typeof limit !== 'number') return new HttpError(413, 'the form has too many fields');
  if (status === 413) return new HttpError(413, `the body is larger than ${limit} bytes`);
  if (status === 415)
    return new HttpError(415, 'the body is packed, or its characters are written, in a way that is not read here');
  return new HttpError(400, 'the request is malformed');
}
