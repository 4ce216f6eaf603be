import type { Config } from '../config/config.js';
import { sourceKind } from '../providers/index.js';
import type { KnownSources } from '../server/admit.js';

/** The configured sources by name, each with how it is spoken with. */
export function knownSources(sources: Config['sources']): KnownSources {
  const entries = Object.entries(sources).map(
    ([name, source]) => [name, { source, kind: sourceKind(source) }] as const,
  );
  return Object.fromEntries(entries);
}
