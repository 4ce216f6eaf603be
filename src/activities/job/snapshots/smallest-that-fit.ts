import type { ChangedFile } from '../packing/changed-files.js';

/** What there is room for. */
export interface WithRoom {
  readonly paths: readonly string[];
  readonly files: number;
  readonly bytes: number;
  /** What there was no room for. */
  readonly leftOut: { readonly files: number; readonly bytes: number };
}

/** Returns which files there is room for, of all of them the smallest. Without sorting them: there may be a million. */
export function withRoom(
  all: readonly ChangedFile[],
  most: { readonly files: number; readonly bytes: number },
): WithRoom {
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
