import { type RecordVersion, RecordVersionError, type StoredRecord } from './store.js';

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

/**
 * Returns the version of what takes the place of a record whose versions are times, Unix ms: `now`, or what comes after the one that is
 * there, if the clock that wrote it was ahead, or has been put back since. By the time alone it would be kept out, and nobody told.
 */
export function versionAfter(stored: Pick<StoredRecord, 'version'> | undefined, now: number): number {
  return typeof stored?.version === 'number' ? Math.max(now, stored.version + 1) : now;
}
