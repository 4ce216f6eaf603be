import { notConfigured } from '../failures.js';

/** Those that HTTP itself uses between two hops, and those that are ours to set because they describe the message. */
const RESERVED =
  /^(webhook-.*|host|content-length|content-type|content-encoding|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*)$/i;

/**
 * An endpoint's own headers, checked: none may split the request or pretend to be a signature. Names in lower case, so
 * that one header in two spellings is not sent twice. Throws `NotConfigured`.
 */
export function endpointHeaders(endpoint: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n\0]|[^\t\x20-\x7e]/.test(value)) {
      throw notConfigured(`endpoints.${endpoint}.headers: ${JSON.stringify(name)} is no header that HTTP can carry`);
    }
    if (RESERVED.test(name)) throw notConfigured(`endpoints.${endpoint}.headers: "${name}" can't be set`);
  }
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
