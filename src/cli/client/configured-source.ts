import type { Config } from '../../config/config.js';
import type { Source } from '../../providers/source.js';
import { harmless } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** Returns a configured source by its name. Throws {@link UserError} that lists the configured ones. */
export function configuredSource({ sources }: Pick<Config, 'sources'>, name: string): Source {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source) return source;
  throw new UserError(`There is no source "${harmless(name)}"; configured: ${Object.keys(sources).join(', ')}`);
}
