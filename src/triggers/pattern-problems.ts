import { readings } from './glob-readings.js';
import { isSimple } from './segments.js';
import { isSimpleText, withoutParts } from './text-matcher.js';

/** What the patterns of an option are for. */
export type PatternSubject = 'branch' | 'tag' | 'path' | 'repository' | 'login' | 'text';

/**
 * Returns why a pattern can't be used, in words that follow it; undefined if it can. What can never match is refused, with
 * what was probably meant: found out in production, it looks as if the events were missing.
 */
export function problemWithPattern(pattern: string, subject: PatternSubject): string | undefined {
  const [negation, glob] = withoutNegation(pattern);
  const never = neverMatches(glob, subject) ?? noChoiceMatches(glob, subject);
  return never ? `can never match, because ${inWords(never, negation)}` : tooManyStars(glob, subject);
}

/**
 * Returns why some of the choices that a pattern has in braces are in vain, in words that follow it: they can never
 * match, though others may. Undefined where there is none.
 */
export function doubtOfChoices(pattern: string, subject: PatternSubject): string | undefined {
  const [negation, glob] = withoutNegation(pattern);
  for (const text of readings(glob)) {
    const never = choiceNeverMatches(text, glob, subject);
    if (never)
      return `stands for ${JSON.stringify(text)} too, which can never match, because ${inWords(never, negation)}`;
  }
  return undefined;
}

function withoutNegation(pattern: string): [negation: '!' | '', glob: string] {
  return pattern.startsWith('!') ? ['!', pattern.slice(1)] : ['', pattern];
}

function inWords({ because, meant = [] }: Never, negation: string): string {
  const texts = meant.map((each) => JSON.stringify(`${negation}${each}`)).join(', ');
  return `${because}${texts ? `; did you mean ${texts}?` : ''}`;
}

function noChoiceMatches(glob: string, subject: PatternSubject): Never | undefined {
  const all = readings(glob).map((text) => choiceNeverMatches(text, glob, subject));
  const [first] = all;
  if (!first || all.includes(undefined)) return undefined;
  return { because: first.because, meant: [...new Set(all.flatMap((never) => never?.meant ?? []))] };
}

/** A leading ./ counts for nothing only where the whole glob begins with it. */
function choiceNeverMatches(text: string, glob: string, subject: PatternSubject): Never | undefined {
  const never = neverMatches(text, subject);
  if (never || subject !== 'path' || !text.startsWith('./') || glob.startsWith('./')) return never;
  return { because: 'paths begin at the root of the repository, without ./', meant: [text.replace(/^(?:\.\/)+/, '')] };
}

interface Never {
  readonly because: string;
  readonly meant?: readonly string[];
}

function neverMatches(glob: string, subject: PatternSubject): Never | undefined {
  if (glob === '') return { because: 'it is empty' };
  switch (subject) {
    case 'branch':
    case 'tag':
      return notARef(glob, subject);
    case 'path':
      return notAPath(glob);
    case 'repository':
      return notARepository(glob);
    case 'login':
      return glob.startsWith('@')
        ? { because: 'authors are named without @', meant: [glob.slice(1)] }
        : severalLines(glob);
    case 'text':
      return severalLines(glob);
    default:
      return subject satisfies never;
  }
}

const severalLines = (glob: string): Never | undefined =>
  /[\n\r]/.test(glob)
    ? { because: 'the text is one line', meant: [glob.split(/[\n\r]/, 1)[0]?.trim() ?? ''] }
    : undefined;

function notARef(glob: string, subject: 'branch' | 'tag'): Never | undefined {
  // To git, and so here, others than ASCII's are characters as any.
  const trimmed = glob.replace(/^[ \t-\r]+|[ \t-\r]+$/g, '');
  if (trimmed !== glob) return { because: 'names have no blanks around them', meant: trimmed ? [trimmed] : [] };
  if (glob === 'HEAD' && subject === 'branch')
    return { because: 'git allows no branch of that name: name the one meant' };
  const ref = /^refs\/(heads|tags|remotes\/[^/]+)\/(.+)$/.exec(glob);
  if (ref?.[2]) {
    const because = `a ${subject} is named without refs/${ref[1]}/`;
    return ref[1] === 'tags' && subject === 'branch'
      ? { because: 'it names a tag; tag() has those' }
      : { because, meant: [ref[2]] };
  }
  const names = splitAtCommas(glob);
  if (names.length > 1) return { because: 'the names of a list are texts of their own', meant: names };
  if (/^\/.*(?:[\\^$]|\.[*+]).*\/[gimsuy]{0,3}$/.test(glob))
    return {
      because: `it is a regular expression, and patterns are globs: "*" stands for any text in a part of a ${subject}`,
    };
  const plain = glob
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\/{2,}/g, '/');
  if (plain !== glob)
    return {
      because: `a ${subject} neither begins nor ends with /, nor holds two in a row`,
      meant: plain ? [glob.endsWith('/') ? `${plain}/**` : plain] : [],
    };
  const escaped = /\\([*?[\\~^: ])/.exec(glob)?.[1];
  if (escaped !== undefined)
    return { because: `git allows no ${subject} with ${JSON.stringify(escaped)}`, meant: [glob.replaceAll('\\', '/')] };
  const wrong = forbiddenIn(glob);
  return wrong === undefined ? undefined : { because: `git allows no ${subject} ${wrong}` };
}

/** Returns what in a pattern no name of a ref may have, as `isRefName` says; in words that follow "a branch". */
function forbiddenIn(glob: string): string | undefined {
  // Braces around one text are no choice.
  if (/@\{[^{},.]*\}/.test(glob)) return 'with "@{"';
  // Of braces and groups some may match although others can't.
  if (/[{(]/.test(glob)) return undefined;
  // A leading ./ counts for nothing.
  const name = literalOf(glob).replace(/^(?:\.\/)+/, '');
  const within = /[\p{Cc}\p{Cs} ~^:[]|\.\./u.exec(name)?.[0];
  if (within !== undefined) return `with ${JSON.stringify(within)}`;
  if (/(?:^|\/)\./.test(name)) return 'with a part that begins with "."';
  const ending = /\.lock(?=\/|$)|\.$/.exec(name)?.[0];
  return ending === undefined ? undefined : `with a part that ends with ${JSON.stringify(ending)}`;
}

function notAPath(glob: string): Never | undefined {
  const trimmed = glob.trim();
  if (trimmed !== glob) return { because: 'of the blanks around it', meant: trimmed ? [trimmed] : [] };
  const paths = splitAtCommas(glob);
  if (paths.length > 1 && paths.every((path) => path.includes('*')))
    return { because: 'the patterns of a list are texts of their own', meant: paths };
  if (/^[a-zA-Z]:[\\/]/.test(glob)) return { because: 'paths begin at the root of the repository' };
  // A backslash before a letter escapes nothing: it is the separator of another system.
  if (/\\\w/.test(glob)) return { because: 'paths are written with /', meant: [glob.replaceAll('\\', '/')] };
  const plain = glob.replace(/^\/+/, '').replace(/\/{2,}/g, '/');
  if (/^(?:\.\/)?\/*$/.test(glob) || glob === '.') return { because: 'it names the root', meant: ['**'] };
  if (glob.endsWith('/')) return { because: 'files are listed and not folders', meant: [`${plain}**`] };
  if (plain !== glob) return { because: 'paths begin at the root of the repository, without /', meant: [plain] };
  const literal = literalOf(glob).replace(/^(?:\.\/)+/, '');
  if (/(?:^|\/)\.\.(?:\/|$)/.test(literal)) return { because: 'no path holds ..' };
  if (/(?:^|\/)\.(?:\/|$)/.test(literal)) {
    const short = glob.replace(/\/(?:\.\/)+/g, '/').replace(/\/\.$/, '/**');
    return { because: 'no path holds a part that is "."', meant: [short] };
  }
  return undefined;
}

function notARepository(glob: string): Never | undefined {
  const address =
    /^(?:(?:https?|ssh|git):\/\/|git@|[\w.-]+@(?=[^/:]+:))[^/:]+(?::\d+(?=\/))?[/:](.+?)(?:\.git)?\/?$/.exec(glob)?.[1];
  if (address) {
    const name = nameAt(address);
    return { because: 'repositories are named owner/name', meant: [name.includes('/') ? name : `${name}/*`] };
  }
  // Beside a separator a backslash is none itself: it escapes, as in `acme/my\_app`.
  if (!glob.includes('/') && /\\\w/.test(glob))
    return { because: 'repositories are named owner/name', meant: [glob.replace(/\\+/g, '/')] };
  const plain = glob
    .trim()
    .replace(/^\/+|\/+$/g, '')
    .replace(/\s*\/[/\s]*/g, '/')
    .replace(/\.git$/, '');
  if (plain !== glob) {
    const meant = plain.includes('/') || !glob.endsWith('/') ? plain : `${plain}/*`;
    return { because: 'repositories are named owner/name', meant: plain ? [meant] : [] };
  }
  const names = splitAtCommas(glob);
  if (names.length > 1 && names.every((name) => name.includes('/')))
    return { because: 'the names of a list are texts of their own', meant: names };
  const wrong = /[\\[({]/.test(glob) ? undefined : NO_REPOSITORY.exec(glob);
  if (wrong)
    return {
      because: `no provider allows a repository with ${JSON.stringify(wrong[0])}`,
      meant: wrong[0] === '#' ? [glob.slice(0, wrong.index)] : [],
    };
  // A star stays within a part of the name, and every repository has two.
  return glob.includes('/') || glob.includes('**') || /[\\[({]/.test(glob)
    ? undefined
    : { because: 'repositories are named owner/name', meant: glob === '*' ? ['**'] : [`*/${glob}`, `${glob}/*`] };
}

/** Returns the name in an address: Bitbucket Data Center and Azure DevOps have more in theirs, and so has a page within the repository. */
function nameAt(address: string): string {
  return address
    .replace(/^scm\//, '')
    .replace(/^v3\/[^/]+\/([^/]+\/[^/]+)$/, '$1')
    .replace(/^projects\/([^/]+)\/repos\/([^/]+)(?:\/.*)?$/, '$1/$2')
    .replace(/^.*?([^/]+)\/_git\/([^/]+)$/, '$1/$2')
    .replace(/^([^/]+\/[^/]+)\/(?:tree|blob|src)\/.*$/, '$1')
    .replace(/\/-\/.*$/, '');
}

/** What no provider allows in the name of a repository or of who has it. Azure DevOps allows the most. */
const NO_REPOSITORY = /[\p{Cc}\p{Cs}:"<>|;#$,+=\]}]/u;

/** Returns the parts between commas, those within braces and groups left whole. */
export function splitAtCommas(glob: string): string[] {
  if (/[{([]/.test(glob)) return [glob];
  const parts = glob.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

/** Returns the text of a glob outside of classes, with `x` for what they stand for. */
function literalOf(glob: string): string {
  return glob.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
}

/** Stars within one part of a pattern that is not simple. More would take seconds on a text made for that. */
const MAX_STARS = 2;

function tooManyStars(pattern: string, subject: PatternSubject): string | undefined {
  const isText = subject === 'text' || subject === 'login';
  if (isText ? isSimpleText(pattern) : isSimple(pattern)) return undefined;
  const glob = isText ? withoutParts(pattern) : pattern;
  const worst = Math.max(...glob.split('/').map((part) => part.replace(/\*\*/g, '*').split('*').length - 1));
  return worst > MAX_STARS
    ? `may have at most ${MAX_STARS} stars in a part that holds more than text, * and ?`
    : undefined;
}
