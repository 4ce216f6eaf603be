import type { SecretFinder } from '../secrets/find-secrets.js';
import { NeededSecret } from '../secrets/reference.js';

/**
 * Returns a part of the configuration with each secret that it needs replaced by the one that was found; lists leave out
 * what is optional and unset. `path`: the option that the part is, for what the finder says of it.
 */
export function resolveSecrets(part: unknown, secrets: SecretFinder, path = ''): unknown {
  if (part instanceof NeededSecret) return secrets.find(part, path);
  if (Array.isArray(part)) {
    return part.map((item, i) => resolveSecrets(item, secrets, `${path}[${i}]`)).filter((item) => item !== undefined);
  }
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolveSecrets(item, secrets, path ? `${path}.${key}` : key)]),
  );
}
