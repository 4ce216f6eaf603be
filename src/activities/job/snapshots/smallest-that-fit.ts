import type { ChangedFile } from '../packing/changed-files.js';

/** What there is room for. */
export interface WithRoom {
  readonly paths: readonly string[];
  readonly files: number;
  readonly bytes: number;
  /** What there was no room for. */
  readonly leftOut: { readonly files: number; readonly bytes: number };
}

/**
 * Returns which files there is room for, of all of them the smallest, and git's objects only beside all others: no file of a step is left
 * out for the history of what it has cloned.
 */
export function withRoom(
  all: readonly ChangedFile[],
  most: { readonly files: number; readonly bytes: number },
): WithRoom {
  const first = smallest(
    all.filter((file) => !isObject(file)),
    most,
  );
  const left = { files: most.files - first.files, bytes: most.bytes - first.bytes };
  const then = smallest(all.filter(isObject), left);
  return {
    paths: [...first.paths, ...then.paths],
    files: first.files + then.files,
    bytes: first.bytes + then.bytes,
    leftOut: {
      files: first.leftOut.files + then.leftOut.files,
      bytes: first.leftOut.bytes + then.leftOut.bytes,
    },
  };
}

/** Without an expression: a step may make paths that one looks through for long. */
function isObject({ path }: ChangedFile): boolean {
  const lower = path.toLowerCase();
  const at = lower.indexOf('/.git/');
  return at !== -1 && lower.includes('/objects/', at);
}

/** Returns which files there is room for, of all of them the smallest. Without sorting them: there may be a million. */
function smallest(all: readonly ChangedFile[], most: { readonly files: number; readonly bytes: number }): WithRoom {
  const sizes = Float64Array.from(all, ({ bytes }) => bytes).sort();
  let [files, bytes, largest, ofLargest] = [0, 0, -1, 0];
  for (const size of sizes.subarray(0, most.files)) {
    if (bytes + size > most.bytes) break;
    files += 1;
    bytes += size;
    ofLargest = size === largest ? ofLargest + 1 : 1;
    largest = size;
  }
  // Of those that are as large as the largest there may be room for some.
  const kept = all.filter((file) => file.bytes < largest || (file.bytes === largest && ofLargest-- > 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    paths: kept.map(({ path }) => path),
    files,
    bytes,
    leftOut: { files: all.length - files, bytes: total - bytes },
  };
}
