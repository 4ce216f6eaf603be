import type { Config } from '../../config/config.js';
import type { Source } from '../../providers/source.js';
import { harmless } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** A configured source by its name. Throws {@link UserError} that lists those that there are. */
export function knownSource({ sources }: Pick<Config, 'sources'>, name: string): Source {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source) return source;
  throw new UserError(`There is no source "${harmless(name)}"; configured: ${Object.keys(sources).join(', ')}`);
}
