import { type RecordVersion, RecordVersionError } from './store.js';

/**
 * Returns what a version means to the one that is stored. Compared in JavaScript for every store: databases order text by
 * bytes or by a language's rules, JavaScript by code units. Throws {@link RecordVersionError} if they are of two kinds.
 */
export function compareVersions(
  { collection, key, version }: { collection: string; key: string; version: RecordVersion },
  stored: RecordVersion,
): 'newer' | 'unchanged' | 'older' {
  if (typeof stored !== typeof version) {
    throw new RecordVersionError(
      `Record ${key} of ${collection} has a ${typeof stored} as its version (${stored}), and now comes a ${typeof version} ` +
        `(${version}): they can't be compared. Go on with a ${typeof stored}, or sync into another collection.`,
    );
  }
  if (version === stored) return 'unchanged';
  return version < stored ? 'older' : 'newer';
}
