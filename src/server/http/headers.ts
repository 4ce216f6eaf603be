import type { IncomingMessage } from 'node:http';
import type { SourceHeaders } from '../../providers/webhook-scheme.js';
import { HttpError } from './http-error.js';

/**
 * Returns a request's headers with one value each. Node joins a repeated header to `a, b` or drops one of the two, so who
 * can add a header on the way could choose which is read: a header of `deciding` must not be repeated with another value. Throws
 * {@link HttpError} (400).
 */
export function singleHeaders({ rawHeaders }: IncomingMessage, deciding: readonly string[]): SourceHeaders {
  const headers: Record<string, string> = Object.create(null);
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    const before = headers[name];
    // The same value twice leaves no choice.
    if (before === value) continue;
    if (before !== undefined && deciding.includes(name))
      throw new HttpError(400, `the header ${name} is there more than once`);
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}
