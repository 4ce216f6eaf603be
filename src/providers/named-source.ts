import { ProviderError } from './error.js';
import type { Source, Sources } from './source.js';

/** Returns the source of that name. Throws {@link ProviderError} (`not configured`) when there is none. */
export function namedSource(config: { readonly sources: Sources }, name: string): Source {
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
  if (source) return source;
  throw new ProviderError('not configured', `there is no source ${JSON.stringify(name)}: add it under sources`);
}
