import { Secret } from '../secrets/secret.js';
import type { Source } from './source.js';

/** A source as its deliveries are read with it, once they are verified. It can be given to a thread. */
export type SourceWithoutSecrets = Source & { readonly secrets: [] };

/** Returns a source without its secrets, so that whoever reads deliveries has none. */
export function withoutSecrets(source: Source): SourceWithoutSecrets {
  return strip(source) as SourceWithoutSecrets;
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => !(one instanceof Secret)).map(strip);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, one]) => !(one instanceof Secret));
  return Object.fromEntries(kept.map(([name, one]) => [name, strip(one)]));
}
