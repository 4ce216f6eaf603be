import type { Config, Source } from '../config/config.js';
import { sourceKind } from '../providers/index.js';
import type { WebhookScheme } from '../providers/webhook-scheme.js';

/** A configured source, and how its deliveries are verified and read. */
export interface KnownSource {
  readonly source: Source;
  readonly kind: WebhookScheme;
}

/** The configured sources by name. Names come from outside: look them up with `Object.hasOwn`. */
export type KnownSources = Readonly<Record<string, KnownSource>>;

/** Returns the configured sources by name, each with its webhook scheme. */
export function knownSources(sources: Config['sources']): KnownSources {
  const entries = Object.entries(sources).map(
    ([name, source]) => [name, { source, kind: sourceKind(source) }] as const,
  );
  return Object.fromEntries(entries);
}
