import type { Config } from '../../../config/config.js';
import { inMegabytes, MEGABYTE } from '../packing/in-words.js';

/**
 * How many times `artifacts.runMegabytes` one artifact may come to. Where it is kept, it has as much as it packs to: of a file of holes next
 * to nothing, whereas a job that needs it has all of it on its worker's disk.
 */
const TIMES = 10;

/** Returns why an artifact is not unpacked, in words; undefined for one that is. `bytes`: of its files, holes too. */
export function problemOfUnpacked(
  bytes: number,
  { artifacts: { runMegabytes } }: Pick<Config, 'artifacts'>,
): string | undefined {
  const megabytes = TIMES * runMegabytes;
  if (bytes <= megabytes * MEGABYTE) return undefined;
  return `unpacked, it has ${inMegabytes(bytes)}, and may have ${megabytes} MB: ${TIMES} times artifacts.runMegabytes of the configuration`;
}
