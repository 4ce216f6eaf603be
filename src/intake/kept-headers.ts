import type { SourceHeaders } from '../providers/webhook-scheme.js';

const MAX_HEADERS = 64;
/** In characters. */
const MAX_VALUE = 1_000;

/** Signatures are not secret, but they help nobody who reads a stored delivery. */
const SECRET = /authori[sz]ation|cookie|token|secret|signature|password|credential|api-?key/;

/**
 * Returns the headers as they are stored with a delivery, bounded in number and length. A value is replaced if its header's
 * name sounds secret, or is one of `credentials`: the headers that hold a secret of the source itself.
 */
export function keptHeaders(headers: SourceHeaders, credentials: readonly string[] = []): Record<string, string> {
  const kept: Record<string, string> = {};
  let left = MAX_HEADERS;
  for (const name in headers) {
    if (left-- === 0) break;
    const isSecret = SECRET.test(name) || credentials.includes(name);
    kept[name] = isSecret ? '[redacted]' : (headers[name] ?? '').slice(0, MAX_VALUE);
  }
  return kept;
}
