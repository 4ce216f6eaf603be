import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { mapInTurns } from '../../../async/yield-to-event-loop.js';
import type { CacheAsked } from '../../contract/index.js';
import type { OpenJob } from '../open-job.js';
import { fromTop } from '../packing/glob-folders.js';
import { PathError } from '../packing/list-paths.js';
import { REPLACED } from '../packing/names-as-bytes.js';
import { judgePaths, unjudgedInWords } from '../packing/paths-by-globs.js';
import { withPlainFile } from '../plain-file.js';

/** Far more than there are lock files in a repository. */
const MOST_FILES = 10_000;

/**
 * Returns a cache's key, with the hashes of the files that it names: of what was checked out, submodules too. Throws
 * {@link PathError} where globs match none: the key would be the same whatever those hold. Notes in the job's log how many paths were too
 * long for them, and of how many files nobody knows what they hold.
 */
export async function cacheKey(
  { workspace, tracked, jobLog }: Pick<OpenJob, 'workspace' | 'tracked' | 'jobLog'>,
  { key }: Pick<CacheAsked, 'key'>,
  signal: AbortSignal,
): Promise<string> {
  const parts: string[] = [];
  let files: readonly string[] | undefined;
  for (const part of key) {
    if (typeof part === 'string') {
      parts.push(part);
      continue;
    }
    files ??= (await tracked(signal, { submodules: true })).filter((path) => basename(path) !== '.git');
    const judge = judgePaths(part.hashFiles.map(fromTop));
    const matched = (await mapInTurns(files, (path) => (judge.includes(path) ? [path] : []), signal)).flat();
    for (const one of judge.unjudged()) await jobLog.note(`hashFiles: ${unjudgedInWords(one)}`, { aside: true });
    const globs = part.hashFiles.join(', ');
    if (matched.length === 0) throw new PathError(`no file of the checkout matches ${globs}`);
    if (matched.length > MOST_FILES) throw new PathError(`more than ${MOST_FILES} files match ${globs}`);
    const { hash, notFound } = await hashOf(workspace.source, matched.sort(), signal);
    const odd = notFound.filter((path) => path.includes(REPLACED)).length;
    if (odd > 0)
      await jobLog.note(`hashFiles: ${odd} files whose names are not UTF-8 count by their names alone`, {
        aside: true,
      });
    parts.push(hash);
  }
  return parts.join('-');
}

async function hashOf(
  checkout: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly hash: string; readonly notFound: readonly string[] }> {
  const all = createHash('sha256');
  const notFound: string[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const hash = await withPlainFile(join(checkout, file), async (handle) => {
      const one = createHash('sha256');
      for await (const piece of handle.createReadStream({ autoClose: false })) one.update(piece);
      return one.digest('hex');
    });
    // One that is a link counts by its name.
    if (hash === undefined) notFound.push(file);
    all.update(`${file}\0${hash ?? 'link'}\n`);
  }
  return { hash: all.digest('hex').slice(0, 32), notFound };
}
