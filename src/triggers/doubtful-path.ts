import { folderMeant } from './folder-meant.js';
import { splitAtCommas } from './pattern-problems.js';

/**
 * Returns why a pattern for paths hardly means what it says, in words that follow it, with what was probably meant. It may match: a
 * file may have such a name, and nothing but the repository could tell. Undefined where it is plain. `list`: all patterns of the
 * option.
 */
export function doubtOfPath(pattern: string, list: readonly string[]): string | undefined {
  const folder = folderMeant(pattern, list);
  if (folder !== undefined)
    return `matches a file of that name, and nothing in a folder; did you mean ${JSON.stringify(folder)}?`;
  const negation = pattern.startsWith('!') ? '!' : '';
  const glob = pattern.slice(negation.length);
  const asked = (meant: readonly string[]) => meant.map((each) => JSON.stringify(`${negation}${each}`)).join(', ');
  const parts = splitAtCommas(glob);
  if (parts.length > 1 && parts.some((part) => part.includes('*')))
    return `matches names that hold a comma: the patterns of a list are texts of their own; did you mean ${asked(parts)}?`;
  if (/[\w.-]\\[*?]/.test(glob))
    return `matches names that hold a "*" or "?" themselves, for which they stand after \\; did you mean ${asked([glob.replaceAll('\\', '/')])}?`;
  const across = acrossFolders(glob);
  if (across.length > 0)
    return `has "**" beside other characters, where it crosses no "/" as it does at GitHub; did you mean ${asked(across)}?`;
  return undefined;
}

/**
 * Returns the globs in which `**` has parts of its own, which together match what a glob does at GitHub; none where nothing would become
 * of it. At the very beginning, `**.md` crosses folders as it is, and beside a part `**` there is nothing more to cross.
 */
function acrossFolders(glob: string): string[] {
  if (/[\\[\](){}]/.test(glob)) return [];
  const begun = glob
    .replace(/^\*\*(?=[^/*.])/, '**/*')
    .replace(/(?<!(?:^|\/)\*\*)\/\*\*(?=[^/*])/g, '/**/*')
    .replace(/(?<=[^/*])\*\*(?=\/(?!\*\*))/g, '*/**');
  // What was to cross folders may cross none: `README**` is README.md too.
  const within = begun.replace(/(?<=[^/*])\*\*(?=[^/*]|$)/g, '*');
  const below = begun.replace(/(?<=[^/*])\*\*(?=[^/*])/g, '*/**/*').replace(/(?<=[^/*])\*\*$/, '*/**');
  return [...new Set([within, below])].filter((each) => each !== glob);
}
