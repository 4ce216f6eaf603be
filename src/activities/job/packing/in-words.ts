/** In bytes. */
export const MEGABYTE = 1024 * 1024;

/** Returns a size in words. */
export function inMegabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

/** Returns a number of files in words. */
export function inFiles(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`;
}

/** Returns a time in words. */
export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
