import picomatch from 'picomatch';
import { createSegmentMatcher, isSimple } from './segments.js';

type Pattern = { readonly negated: boolean; readonly matches: (text: string) => boolean };

const compiled = new Map<string, Pattern>();
/** Patterns come from automations, not from payloads, so few are ever seen; the bound is a guard against a leak. */
const MAX_COMPILED = 5_000;

/**
 * Returns whether an ordered list of globs includes a text: the last pattern that matches decides. A list of nothing but
 * `!` patterns starts from everything. Case-sensitive and anchored; a leading dot is like any other character.
 */
export function included(text: string, patterns: readonly string[]): boolean {
  return includerOf(patterns)(text);
}

/** By the list itself, which lives as long as its automation. */
const includers = new WeakMap<readonly string[], (text: string) => boolean>();

/** Returns {@link included} for one list, as a function for many texts. */
export function includerOf(patterns: readonly string[]): (text: string) => boolean {
  const known = includers.get(patterns);
  if (known) return known;
  const made = makeIncluder(patterns.map(compile));
  includers.set(patterns, made);
  return made;
}

function makeIncluder(list: readonly Pattern[]): (text: string) => boolean {
  const startsFromAll = list.every((pattern) => pattern.negated);
  return (text) => {
    let verdict = startsFromAll;
    // Matches only where it could change the verdict: every delivery goes through the patterns of all automations.
    for (const pattern of list) if (pattern.negated === verdict && pattern.matches(text)) verdict = !verdict;
    return verdict;
  };
}

function compile(source: string): Pattern {
  const known = compiled.get(source);
  if (known) return known;
  const negated = source.startsWith('!');
  const glob = negated ? source.slice(1) : source;
  const pattern = { negated, matches: isSimple(glob) ? createSegmentMatcher(glob) : boundedMatcher(glob) };
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(source, pattern);
  return pattern;
}

/** In characters. No branch name that a person chose, and hardly a path, is longer. */
const MAX_TEXT = 256;

/** Braces, classes and the like become a regular expression, whose time grows fast with the text's length. */
function boundedMatcher(glob: string): (text: string) => boolean {
  const expression = picomatch.makeRe(glob, { dot: true, nonegate: true });
  // Most texts differ in the literal parts at the beginning. Whole parts only: a special character may make the text before it optional.
  const beginning = /^(?:[\w-]+\/)*/.exec(glob)?.[0].replace(/\/$/, '') ?? '';
  // picomatch's own function takes several times as long as its regular expression.
  return (text) => text.startsWith(beginning) && text.length <= MAX_TEXT && (text === glob || expression.test(text));
}
