import { readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';

const AT_ONCE = 100;

/** Returns which links of a folder lead out of it, as they are written. `links`: from the folder. */
export async function linksOut(folder: string, links: readonly string[]): Promise<ReadonlySet<string>> {
  const out = await mapAtOnce(links, AT_ONCE, async (link) => {
    const target = await readlink(join(folder, link)).catch(() => undefined);
    if (target === undefined) return [];
    const to = normalize(join(dirname(link), target));
    return isAbsolute(target) || to === '..' || to.startsWith('../') ? [link] : [];
  });
  return new Set(out.flat());
}
