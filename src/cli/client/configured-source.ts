import { harmless } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** Returns what the configuration says of a source. Throws {@link UserError} that lists the configured ones. */
export function configuredSource<S>({ sources }: { readonly sources: Readonly<Record<string, S>> }, name: string): S {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source) return source;
  throw new UserError(`There is no source "${harmless(name)}"; configured: ${Object.keys(sources).join(', ')}`);
}
