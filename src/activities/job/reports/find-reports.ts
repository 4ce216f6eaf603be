import type { Dirent } from 'node:fs';
import { opendir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fromTop, literalFolder, mayHold } from '../packing/glob-folders.js';
import { judgePaths, type PathJudge, unjudgedInWords } from '../packing/paths-by-globs.js';

/** What a search has found. */
export interface FoundReports {
  /** From the top of the checkout, with slashes, in order. */
  readonly files: readonly string[];
  /** Why there may be more, in words. */
  readonly notes: readonly string[];
}

const MOST_FILES = 2_000;
const MOST_ENTRIES = 200_000;
const MAX_DEPTH = 30;
/** Looked through only where a pattern names them. */
const LARGE = ['node_modules', '.git'];

/**
 * Returns the files of a checkout that patterns match, as those of triggers do: the last one that matches decides, `!` takes
 * away. A path that is too long for a pattern is not matched by it, which is noted. Links to folders are not followed, and nothing outside of the checkout is looked at.
 */
export async function findReports(root: string, given: readonly string[]): Promise<FoundReports> {
  const top = await realpath(root);
  const patterns = given.map(fromTop);
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const files = new Set<string>();
  const notes: string[] = [];
  let entries = 0;
  /** Of one pattern: folders that are too deep, of which there may be hundreds of thousands, and the first of them. */
  let [tooDeep, first] = [0, ''];

  const judge = judgePaths(patterns);
  const walk = async (folder: string, pattern: string, own: PathJudge): Promise<void> => {
    if (folder.split('/').length > MAX_DEPTH) {
      tooDeep += 1;
      first ||= folder;
      return;
    }
    const listed = await entriesOf(join(top, folder), MOST_ENTRIES + 1 - entries);
    entries += listed.length;
    if (entries > MOST_ENTRIES) return;
    for (const entry of listed) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (mayHold(path, pattern) && (!LARGE.includes(entry.name) || pattern.includes(entry.name)))
          await walk(path, pattern, own);
      } else if (entry.isFile() && files.size < MOST_FILES && own.includes(path) && judge.includes(path))
        files.add(path);
    }
  };

  for (const pattern of wanted) {
    [tooDeep, first] = [0, ''];
    const base = literalFolder(pattern);
    // A folder on the way may be a link that leads out.
    const real = await realpath(join(top, base)).catch(() => undefined);
    if (real !== (base === '' ? top : join(top, base))) continue;
    const own = judgePaths([pattern]);
    await walk(base, pattern, own);
    const others = tooDeep > 1 ? ` and ${tooDeep - 1} more` : '';
    if (tooDeep > 0) notes.push(`folders below ${first}${others} are too deep to look through`);
    notes.push(...own.unjudged().map(unjudgedInWords));
  }
  const away = judge.unjudged().filter(({ glob }) => glob.startsWith('!'));
  notes.push(...away.map(unjudgedInWords));
  if (entries > MOST_ENTRIES)
    notes.push(`more than ${MOST_ENTRIES} files were looked through for reports, and not all: name their folder`);
  if (files.size >= MOST_FILES) notes.push(`only the first ${MOST_FILES} reports are read`);
  return { files: [...files].sort(), notes };
}

/** Returns what is in a folder, and no more than `most` of it: there may be millions. */
async function entriesOf(folder: string, most: number): Promise<readonly Dirent[]> {
  const listed: Dirent[] = [];
  if (most <= 0) return listed;
  try {
    for await (const entry of await opendir(folder)) if (listed.push(entry) >= most) break;
  } catch {
    // It is gone, or may not be read.
  }
  return listed;
}
