import { problemWithHeader } from '../../config/endpoint-header.js';
import { Secret } from '../../secrets/secret.js';
import { notConfigured } from '../failures.js';

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
    const problem = problemWithHeader(name, value);
    if (problem !== undefined) throw notConfigured(`endpoints.${endpoint}.headers: ${JSON.stringify(name)} ${problem}`);
  }
  return Object.fromEntries(set.map(([name, value]) => [name.toLowerCase(), value]));
}
