import { createPathMatcher, MAX_TEXT, startsFromAll } from '../../../triggers/glob.js';

/** A glob, and how many paths were too long for it. */
export interface Unjudged {
  readonly glob: string;
  readonly paths: number;
}

/** Judges paths by an ordered list of globs: the last that matches decides, and of nothing but `!` globs what none takes away is included. */
export interface PathJudge {
  /** Returns whether a path is included. One that is too long for a glob is not matched by it, whether that includes or takes away. */
  includes(path: string): boolean;
  /** Returns what was so so far. */
  unjudged(): readonly Unjudged[];
}

/** Returns what judges paths by such a list. */
export function judgePaths(globs: readonly string[]): PathJudge {
  const all = globs.map((glob) => {
    const isNegated = glob.startsWith('!');
    return { glob, isNegated, matches: createPathMatcher(isNegated ? glob.slice(1) : glob), tooLong: 0 };
  });
  const fromAll = startsFromAll(globs);
  return {
    includes(path) {
      let verdict = fromAll;
      for (const one of all) {
        if (one.isNegated !== verdict) continue;
        const isMatched = one.matches(path);
        if (isMatched === undefined) one.tooLong += 1;
        else if (isMatched) verdict = !verdict;
      }
      return verdict;
    },
    unjudged: () => all.filter(({ tooLong }) => tooLong > 0).map(({ glob, tooLong }) => ({ glob, paths: tooLong })),
  };
}

/** Returns what became of such paths, in words. */
export function unjudgedInWords({ glob, paths }: Unjudged): string {
  return `${glob} was not tried on ${paths} paths of more than ${MAX_TEXT} characters: on those, only globs of text, *, ?, {a,b} and [a-z] are tried`;
}
