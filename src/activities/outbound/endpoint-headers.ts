import { Secret } from '../../secrets/secret.js';
import { notConfigured } from '../failures.js';

/** Headers that HTTP uses between two hops, and those that we set because they describe the message. */
const RESERVED =
  /^(webhook-.*|host|content-length|content-type|content-encoding|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*)$/i;

/**
 * Returns an endpoint's configured headers, with names in lower case, so that one header in two spellings is not sent
 * twice; without one whose secret is optional and not set. Throws `NotConfigured` for one that would split the request or pretend to be a signature.
 */
export function endpointHeaders(
  endpoint: string,
  headers: Readonly<Record<string, string | Secret | undefined>>,
): Record<string, string> {
  const set = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value instanceof Secret ? value.reveal() : value]],
  );
  for (const [name, value] of set) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n\0]|[^\t\x20-\x7e]/.test(value)) {
      throw notConfigured(`endpoints.${endpoint}.headers: ${JSON.stringify(name)} is not a header that HTTP can carry`);
    }
    if (RESERVED.test(name)) throw notConfigured(`endpoints.${endpoint}.headers: "${name}" can't be set`);
  }
  return Object.fromEntries(set.map(([name, value]) => [name.toLowerCase(), value]));
}
