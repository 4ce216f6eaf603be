import picomatch from 'picomatch';
import { createChoiceMatcher } from './glob-choices.js';
import { createSegmentMatcher, isSimple } from './segments.js';
import { createTextMatcher } from './text-matcher.js';

/** Returns whether a pattern matches; undefined where the text is too long to find out in good time. */
export type Matcher = (text: string) => boolean | undefined;
type Pattern = { readonly negated: boolean; readonly matches: Matcher };

/**
 * What patterns are for: names that have parts, of branches, tags, files and repositories, where `*` stays within a part;
 * or text, of titles, messages and the like, where a `/` is a character as any other.
 */
export type Matched = 'names' | 'text';

const compiled = new Map<string, Pattern>();
/** Patterns come from automations, not from payloads, so few are ever seen; the bound is a guard against a leak. */
const MAX_COMPILED = 5_000;

/**
 * Returns whether an ordered list of globs includes a name: the last pattern that matches decides. A list of nothing but
 * `!` patterns starts from everything. Case-sensitive and anchored; a leading dot is like any other character. What a
 * name is too long for lets it in: nothing is skipped because it could not be found out.
 */
export function included(name: string, patterns: readonly string[]): boolean {
  return includerOf(patterns)(name);
}

/** Returns {@link included}, but refuses a name that is too long: for lists that say who is trusted. */
export function surelyIncluded(name: string, patterns: readonly string[]): boolean {
  return makeIncluder(patterns, 'names', (negated) => negated)(name);
}

/** Returns whether a list takes away and adds nothing, and so starts from everything. */
export function startsFromAll(patterns: readonly string[]): boolean {
  return patterns.every((pattern) => pattern.startsWith('!'));
}

/** Stands for any text, or takes any away. */
const ANYTHING = /^!?\*+$/;

/**
 * Returns whether a list includes a text that is not known: it starts from everything, or adds everything last. Of all
 * other patterns nobody knows whether they match, of those that add some texts as of those that take some away.
 */
export function includesUnknownText(patterns: readonly string[]): boolean {
  const last = patterns.findLast((pattern) => ANYTHING.test(pattern));
  return last === undefined ? startsFromAll(patterns) : !last.startsWith('!');
}

/** By the list itself, which lives as long as its automation. */
const includers = {
  names: new WeakMap<readonly string[], (text: string) => boolean>(),
  text: new WeakMap<readonly string[], (text: string) => boolean>(),
};

/** Returns {@link included} for one list, as a function for many names or texts. */
export function includerOf(patterns: readonly string[], matched: Matched = 'names'): (text: string) => boolean {
  const known = includers[matched].get(patterns);
  if (known) return known;
  const made = makeIncluder(patterns, matched, (negated) => !negated);
  includers[matched].set(patterns, made);
  return made;
}

/** `unknown` says what a pattern counts as that could not be tried. */
function makeIncluder(
  patterns: readonly string[],
  matched: Matched,
  unknown: (negated: boolean) => boolean,
): (text: string) => boolean {
  const list = patterns.map((pattern) => compile(pattern, matched));
  const fromAll = startsFromAll(patterns);
  return (text) => {
    let verdict = fromAll;
    // Matches only where it could change the verdict: every delivery goes through the patterns of all automations.
    for (const { negated, matches } of list)
      if (negated === verdict && (matches(text) ?? unknown(negated))) verdict = !verdict;
    return verdict;
  };
}

function compile(source: string, matched: Matched): Pattern {
  const key = `${matched} ${source}`;
  const known = compiled.get(key);
  if (known) return known;
  const negated = source.startsWith('!');
  const glob = negated ? source.slice(1) : source;
  const pattern = { negated, matches: matcherOf(glob, matched) };
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(key, pattern);
  return pattern;
}

/**
 * Returns what matches one glob against the paths of a checkout, which may have 4,096 characters; what it returns is undefined for a path
 * that is too long for the glob: of more than {@link MAX_TEXT} characters, for one that holds more than text, `*`, `?`, braces and classes.
 */
export function createPathMatcher(glob: string): Matcher {
  return isSimple(glob) ? createSegmentMatcher(glob) : (createChoiceMatcher(glob) ?? boundedMatcher(glob));
}

function matcherOf(glob: string, matched: Matched): Matcher {
  if (matched === 'text') return createTextMatcher(glob, boundedMatcher);
  return isSimple(glob) ? createSegmentMatcher(glob) : boundedMatcher(glob);
}

/** In characters. No branch name that a person chose, and hardly a path, is longer. */
export const MAX_TEXT = 256;

/** Braces, classes and the like become a regular expression, whose time grows fast with the text's length. */
function boundedMatcher(glob: string): Matcher {
  // Without the flag, `**` would stop at what JavaScript takes for the end of a line, which git allows in names.
  // To picomatch, a class is negated by `^` alone.
  const negated = glob.replace(/(?<!\\)\[!/g, '[^');
  const expression = byCharacters(picomatch.makeRe(negated, { dot: true, nonegate: true, flags: 's' }));
  // Most texts differ in the literal parts at the beginning. Whole parts only: a special character may make the text before it optional.
  const beginning = /^(?:[\w-]+\/)*/.exec(glob)?.[0].replace(/\/$/, '') ?? '';
  return (text) => {
    if (text === glob) return true;
    if (!text.startsWith(beginning)) return false;
    // picomatch's own function takes several times as long as its regular expression.
    return text.length <= MAX_TEXT ? expression.test(text) : undefined;
  };
}

/** Returns an expression that takes an emoji for one character, unless it holds escapes that mean nothing. */
function byCharacters(expression: RegExp): RegExp {
  try {
    return new RegExp(expression.source, 'su');
  } catch {
    return expression;
  }
}
