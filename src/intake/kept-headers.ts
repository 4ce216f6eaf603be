import type { SourceHeaders } from '../providers/webhook-scheme.js';

const MAX_HEADERS = 64;
/** In characters. */
const MAX_VALUE = 1_000;

/** Signatures are not secret by themselves; they are left out because they help nobody who reads a stored delivery. */
const SECRET = /authori[sz]ation|cookie|token|secret|signature|password|credential|api-?key/;

/**
 * The headers as they are stored with a delivery: what may be secret by its name, or is known to be by the source's
 * kind, is replaced, and all of it is bounded.
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
