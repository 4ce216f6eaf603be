import type { IncomingMessage } from 'node:http';
import type { SourceHeaders } from '../sources/source-kind.js';
import { Refusal } from './refusal.js';

/**
 * A request's headers with one value each. Node joins a repeated header to `a, b` or drops one of the two, so whoever
 * could add a header in front of us could choose what is read: those that decide something are refused when repeated.
 * Throws {@link Refusal} (400).
 */
export function singleHeaders(req: IncomingMessage, deciding: readonly string[]): SourceHeaders {
  const repeated = deciding.find((name) => (req.headersDistinct[name]?.length ?? 0) > 1);
  if (repeated) throw new Refusal(400, `the header ${repeated} is there more than once`);
  const headers: Record<string, string> = Object.create(null);
  for (const [name, values] of Object.entries(req.headersDistinct)) headers[name] = values?.join(', ') ?? '';
  return headers;
}
