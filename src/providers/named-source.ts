import type { Config, Source } from '../config/config.js';
import { ProviderError } from './error.js';

/** A source by its name. Throws {@link ProviderError} (`not configured`) when there is none. */
export function namedSource(config: Config, name: string): Source {
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
  if (source) return source;
  throw new ProviderError('not configured', `there is no source ${JSON.stringify(name)}: add it under sources`);
}
