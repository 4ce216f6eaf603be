import type { z } from 'zod';
import type { Resolved } from '../secrets/resolved.js';
import type { Secret } from '../secrets/secret.js';
import type { PROVIDERS } from './index.js';

type Table = typeof PROVIDERS;

/** What the `kind` of a source may be. */
export type ProviderKind = keyof Table;

/** A source of the kind `K`, as the configuration gives it: defaults filled in, secrets resolved. */
export type SourceOf<K extends ProviderKind> = Resolved<z.output<Table[K]['settings']>>;

/** A source of any kind. */
export type Source = SourceOf<ProviderKind>;

/** A source whose provider has repositories to clone. */
export type GitSource = Extract<Source, { clone: unknown }>;

/** Sources by their names. */
export type Sources = Readonly<Record<string, Source>>;

/** Returns whether a source's provider has repositories to clone. */
export function isGitSource(source: Source): source is GitSource {
  return 'clone' in source;
}

/** Returns whether the configuration gives a source a token, or an app's key, for its provider's API. */
export function hasApiCredentials(source: Source): source is GitSource {
  return isGitSource(source) && Boolean(source.api?.token ?? tokensAreMadeOf(source));
}

/** Returns the secret that a source's tokens are made of, each for an hour: an app's key, or that of an application. */
export function tokensAreMadeOf(source: Source | undefined): Secret | undefined {
  if (!source || !isGitSource(source) || !source.api) return undefined;
  if ('app' in source.api) return source.api.app?.privateKey;
  return 'entra' in source.api ? source.api.entra?.clientSecret : undefined;
}
