import { randomBytes } from 'node:crypto';

/** A secret's text as it is used, with what a person should know of it; or why it can't work. */
export type Judged =
  | {
      readonly text: string;
      /** Follow the name of the option and of where it was found. They never hold the secret. */
      readonly warnings: readonly string[];
    }
  | {
      /** Follows the name of the option and of where it was found, and never holds the secret. */
      readonly problem: string;
    };

/** What a secret of one kind has to be. */
export interface SecretRule {
  /** Mends what has only one meaning, and says of the rest why it can't work. */
  readonly judge: Check;
  /** Returns a new one, for `generated('name')`. */
  readonly make: () => string;
  /** Returns a new one in the place of another, where that says of which kind it has to be. */
  readonly makeLike?: (before: string) => string;
}

/** One thing that is looked at: returns the text as it goes on, or why it can't. */
export type Check = (text: string) => Judged;

/** Returns the rule that makes all checks in order; the first that finds the text unusable ends it. */
export function ruleOf(...checks: readonly Check[]): SecretRule {
  const judge = (given: string): Judged => {
    let text = given;
    const warnings: string[] = [];
    for (const check of checks) {
      const judged = check(text);
      if ('problem' in judged) return judged;
      text = judged.text;
      warnings.push(...judged.warnings);
    }
    return { text, warnings };
  };
  return { judge, make: () => randomBytes(32).toString('base64url') };
}

/** Returns a text that goes on, with warnings. */
export function usable(text: string, ...warnings: readonly string[]): Judged {
  return { text, warnings };
}

/** Returns the check that a pattern does not match. */
export function refuse(pattern: RegExp, problem: string): Check {
  return (text) => (pattern.test(text) ? { problem } : usable(text));
}

/** Takes off a line break and a byte order mark around a text, which come with files; refuses several lines. */
export const oneLine: Check = (text) => {
  const line = text.replace(/^\uFEFF/, '').replace(/[\r\n]+$/, '');
  if (line.trim() === '') return { problem: 'is empty' };
  if (/[\r\n]/.test(line)) return { problem: 'has several lines, and a secret is one: list several one by one' };
  if (/\p{Cc}/u.test(line)) return { problem: 'holds a control character: write it anew, as UTF-8 text of one line' };
  return line === text
    ? usable(text)
    : usable(line, 'has a line break or a byte order mark around it, which is left out');
};

const named = refuse(
  /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$?\{\{.*\}\}|\$[A-Z][A-Z0-9_]*|%[A-Z][A-Z0-9_]*%|#\{[^}]*\}#?|<[A-Za-z][\w -]*>)$/,
  'is the name of a variable that was not filled in, and not its value',
);
const shownInstead = refuse(/^[*•●]+$/, 'is what a page shows in its place: copy the secret itself');

/** Refuses the name of a variable that somebody's template was to replace, and the stars that pages show: all who know those could sign. */
export const filledIn: Check = (text) => {
  const judged = named(text);
  return 'problem' in judged ? judged : shownInstead(text);
};

/** Takes off blanks, which a header loses on its way. */
export const withoutBlanks: Check = (text) => {
  const trimmed = text.trim();
  return trimmed === text ? usable(text) : usable(trimmed, 'has blanks around it, which are left out');
};

/** Takes off `Bearer`, which who sends the token adds. */
export const withoutScheme: Check = (text) => {
  const token = text.replace(/^Bearer +/i, '');
  return token === text
    ? usable(text)
    : usable(token, 'begins with "Bearer", which is no part of a token and is left out');
};
