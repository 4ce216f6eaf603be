const KB = 1024;
const MB = KB * KB;

/** Returns a number of bytes in words: `0.6 kB`, `2.0 MB`. */
export function sizeOf(bytes: number): string {
  return bytes < MB / 10 ? `${(bytes / KB).toFixed(1)} kB` : `${(bytes / MB).toFixed(1)} MB`;
}
