import { z } from 'zod';

/**
 * A problem matcher as GitHub's tools have them: regular expressions for one line or several in a row, and which of their groups
 * is what. Source: https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md
 */
export interface Matcher {
  readonly owner: string;
  readonly severity: 'error' | 'warning' | 'notice';
  readonly pattern: readonly MatcherPattern[];
}

/** One line of a matcher. Numbers are those of groups. */
export interface MatcherPattern {
  readonly regexp: string;
  readonly file?: number | undefined;
  readonly fromPath?: number | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly severity?: number | undefined;
  readonly code?: number | undefined;
  readonly message?: number | undefined;
  readonly loop?: boolean | undefined;
}

const MOST_MATCHERS = 20;
const MOST_LINES = 10;
const LONGEST_REGEXP = 1_000;

const group = z.int().min(0).max(99).optional();
const patternSchema = z.object({
  regexp: z.string().min(1).max(LONGEST_REGEXP),
  ...{ file: group, fromPath: group, line: group, column: group, severity: group, code: group, message: group },
  loop: z.boolean().optional(),
});
const matcherSchema = z.object({
  owner: z.string().min(1).max(100),
  severity: z
    .string()
    .transform((word) => word.toLowerCase())
    .pipe(z.enum(['error', 'warning', 'notice']))
    .optional(),
  pattern: z.array(patternSchema).min(1).max(MOST_LINES),
});
const fileSchema = z.object({ problemMatcher: z.array(matcherSchema).min(1).max(MOST_MATCHERS) });

/** Returns the matchers of a file in GitHub's format. Throws an error that says what is wrong with it. */
export function matchersOf(text: string): Matcher[] {
  return checkedMatchers(parse(text));
}

/** Returns the matchers of an object in GitHub's format, or of a list of matchers. Throws an error that says what is wrong with it. */
export function checkedMatchers(value: unknown): Matcher[] {
  const { success, data, error } = fileSchema.safeParse(Array.isArray(value) ? { problemMatcher: value } : value);
  if (!success) {
    const [issue] = error.issues;
    throw new Error(`${issue?.path.join('.') || 'its top level'}: ${issue?.message ?? 'is not as it should be'}`);
  }
  return data.problemMatcher.map(({ owner, severity = 'error', pattern }) => {
    for (const [index, { regexp, loop }] of pattern.entries()) {
      if (loop && (index === 0 || index !== pattern.length - 1))
        throw new Error(`${owner}: only the last of several patterns may have "loop"`);
      try {
        new RegExp(regexp);
      } catch (reason) {
        throw new Error(`${owner}: ${(reason as Error).message}`);
      }
    }
    // The line that says what is wrong may be followed by the one that says where, as Rust and PHPUnit write it.
    if (pattern.every(({ message }) => message === undefined))
      throw new Error(`${owner}: one of its patterns must have a "message"`);
    const last = pattern.at(-1);
    if (last?.loop && last.message === undefined)
      throw new Error(`${owner}: a pattern with "loop" must have a "message"`);
    return { owner, severity, pattern };
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new Error(`it is not JSON: ${(error as Error).message}`);
  }
}
