import { PROVIDERS } from './index.js';
import { isGitSource, type Source, type Sources } from './source.js';
import type { WebhookScheme } from './webhook-scheme.js';

/** A configured source, with all that receiving from it needs to know of the product. */
export interface KnownSource {
  readonly source: Source;
  readonly scheme: WebhookScheme;
  /** Whether its missed deliveries are found by how repositories stand, so that deliveries are made that nobody sent. */
  readonly reconciledByState: boolean;
}

/** The configured sources by name. Names come from outside: look them up with `Object.hasOwn`. */
export type KnownSources = Readonly<Record<string, KnownSource>>;

/** Returns how the deliveries of a configured source are verified and read. */
export function schemeOf(source: Source): WebhookScheme {
  const webhook = PROVIDERS[source.kind].webhook as (source: Source) => WebhookScheme;
  return webhook(source);
}

/** Returns the configured sources by name, each with what receiving needs to know of it. */
export function knownSources(sources: Sources): KnownSources {
  return Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, toKnownSource(source)]));
}

/** Returns a source with what receiving from it needs to know, so that it loads no provider's API. */
export function toKnownSource(source: Source): KnownSource {
  return { source, scheme: schemeOf(source), reconciledByState: isReconciledByState(source) };
}

/** The credentials themselves may be set for the workers alone, whose passes synthesise deliveries for all processes. */
function isReconciledByState(source: Source): boolean {
  if (!isGitSource(source) || source.api === undefined || source.reconcile === false) return false;
  return PROVIDERS[source.kind].facts.missed === 'state';
}
