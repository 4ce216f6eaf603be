import { inAnyCase, isSameRepository } from '../events/repository-name.js';
import type { StoredRecord } from './store.js';

/** A repository, a source, or a repository of a source. */
export interface Named {
  readonly repository?: string | undefined;
  readonly source?: string | undefined;
}

/** Hookyard's own collections: what they hold is told by their keys, `<source>#…`, or by fields of what is in them. */
const OWN = 'hookyard.';

/**
 * Returns whether a record is about a repository or a source: Hookyard's own by their key and fields, those that automations
 * have synced by their key or a text in them that is the repository's name, in any case. A synced record names no source.
 */
export function namesRepository({ collection, key, data }: StoredRecord, { repository, source }: Named): boolean {
  const isOwn = collection.startsWith(OWN);
  if (repository === undefined) return isOwn && source !== undefined && isOfSource({ key, data }, source);
  const isNamed =
    isInKey({ collection, key }, repository) || inAnyCase(JSON.stringify(repository)).test(JSON.stringify(data));
  return isNamed && (source === undefined || !isOwn || isOfSource({ key, data }, source));
}

function isOfSource({ key, data }: Pick<StoredRecord, 'key' | 'data'>, source: string): boolean {
  return key === source || key.startsWith(`${source}#`) || (data as { source?: unknown } | null)?.source === source;
}

/**
 * `acme/app#7` and `github#acme/app` name `acme/app`, and `acme/app-2` does not. A name may hold blanks and @ itself, as
 * those of Azure DevOps do, and then ends at none: `a b/web` is not `a b/web site`. Hookyard's own keys have `#` alone.
 */
function isInKey({ collection, key }: Pick<StoredRecord, 'collection' | 'key'>, repository: string): boolean {
  const ends = collection.startsWith(OWN) ? ['#'] : ['#', ':', '@', ' '].filter((end) => !repository.includes(end));
  return key.split(new RegExp(`[${ends.join('')}]`)).some((part) => isSameRepository(part, repository));
}
