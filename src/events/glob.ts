import picomatch from 'picomatch';

type Pattern = { readonly negated: boolean; readonly matches: (text: string) => boolean };

const compiled = new Map<string, Pattern>();
/** Patterns come from automations, not from payloads, so few are ever seen; the bound is a guard against a leak. */
const MAX_COMPILED = 5_000;

/**
 * Reads an ordered list of globs: the last pattern that matches decides. A list of nothing but `!` patterns starts
 * from everything. Case-sensitive and anchored; a leading dot is like any other character.
 */
export function included(text: string, patterns: readonly string[]): boolean {
  const list = patterns.map(compile);
  let verdict = list.every((pattern) => pattern.negated);
  for (const pattern of list) if (pattern.matches(text)) verdict = !pattern.negated;
  return verdict;
}

function compile(source: string): Pattern {
  const known = compiled.get(source);
  if (known) return known;
  const negated = source.startsWith('!');
  const matches = picomatch(negated ? source.slice(1) : source, { dot: true, nonegate: true });
  const pattern = { negated, matches: (text: string) => matches(text) };
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(source, pattern);
  return pattern;
}
