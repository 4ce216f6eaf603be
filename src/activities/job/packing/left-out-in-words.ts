import type { Changed } from './changed-files.js';
import { inFiles } from './in-words.js';
import { quoted } from './quoted.js';

/** Paths that are named. */
const MOST_NAMED = 5;

/** Returns what of files is not kept, a line each, with some of the paths. `shown`: returns a path as its author knows it. */
export function notKeptInWords(
  { unnamed, unread }: Pick<Changed, 'unnamed' | 'unread'>,
  shown: (path: string) => string,
): readonly string[] {
  const line = (what: string, paths: readonly string[]) => {
    const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
    const some = paths.slice(0, MOST_NAMED).map((path) => quoted(shown(path)));
    return paths.length === 0 ? [] : [`${what}: ${some.join(', ')}${more}`];
  };
  return [
    ...line('left out, since their names are not UTF-8', unnamed),
    ...line('left out, since these folders can not be read', unread),
  ];
}

/** Returns that files are not in an archive though they were to be, in words; undefined where none are missing. */
export function notReadInWords(files: number): string | undefined {
  return files > 0 ? `left out, since not to be read, or gone since listed: ${inFiles(files)}` : undefined;
}
