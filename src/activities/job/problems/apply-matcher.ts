import type { Matcher, MatcherPattern } from './matcher.js';

/** What a matcher has found, before anybody has looked whether its file is there. */
export interface Match {
  readonly owner: string;
  readonly severity: 'error' | 'warning' | 'notice';
  /** Undefined: the matcher finds none, as one of a tool that only says what is wrong. */
  readonly file: string | undefined;
  /** The file of a project that `file` is relative to. */
  readonly fromPath?: string;
  readonly line: number;
  readonly column?: number;
  readonly code?: string;
  readonly message: string;
  /** It may as well be a quote, or code that a search has shown. */
  readonly isDoubtful?: true;
}

/** Looks at lines one after the other. */
export type LineMatcher = (line: string) => Match | undefined;

type Captured = Partial<Record<'file' | 'fromPath' | 'line' | 'column' | 'severity' | 'code' | 'message', string>>;

/**
 * Returns what applies a matcher to lines. Its expressions are its author's, and may take for ever: this runs only where it can be
 * stopped.
 */
export function createLineMatcher({ owner, severity, pattern }: Matcher): LineMatcher {
  const steps = pattern.map((step) => ({ step, expression: new RegExp(step.regexp) }));
  const last = steps.length - 1;
  const lastFirst = [...steps.entries()].reverse();
  /** By the number of a pattern: what a problem has captured whose line for it was the one before. */
  let captured: (Captured | undefined)[] = [];

  return function match(line): Match | undefined {
    // From the last on: a line that may go on with one problem may begin the next as well, as with a pattern that takes any line.
    for (const [at, { step, expression }] of lastFirst) {
      const before = at === 0 ? {} : captured[at - 1];
      const found = before && expression.exec(line);
      const whole = found ? { ...before, ...capture(step, found) } : undefined;
      if (at < last || !whole) captured[at] = whole;
      else {
        captured = [];
        if (step.loop && at > 0) captured[at - 1] = before;
        return toMatch(whole, { owner, severity });
      }
    }
    return undefined;
  };
}

function capture(pattern: MatcherPattern, found: RegExpExecArray): Captured {
  const { file, fromPath, line, column, severity, code, message } = pattern;
  const captured: Captured = {};
  for (const [name, group] of Object.entries({ file, fromPath, line, column, severity, code, message })) {
    const text = group === undefined ? undefined : found[group]?.trim();
    if (text) captured[name as keyof Captured] = text;
  }
  return captured;
}

function toMatch(of: Captured, { owner, severity }: Pick<Matcher, 'owner' | 'severity'>): Match | undefined {
  const { file, fromPath, line, column, code, message } = of;
  if (message === undefined) return undefined;
  const number = (text: string | undefined) =>
    text !== undefined && /^\d{1,7}$/.test(text) ? Number(text) : undefined;
  const at = number(column);
  return {
    ...{ owner, file, message },
    severity: severityOf(of.severity) ?? severity,
    line: number(line) || 1,
    ...(fromPath !== undefined && { fromPath }),
    ...(at !== undefined && at > 0 && { column: at }),
    ...(code !== undefined && { code }),
  };
}

/** Returns what a tool's word for severity means; undefined for one that says nothing. */
export function severityOf(word: string | undefined): Match['severity'] | undefined {
  if (word === undefined) return undefined;
  if (/^(fatal|error|err|critical|failure|e|f)\b/i.test(word)) return 'error';
  if (/^(warning|warn|w)\b/i.test(word)) return 'warning';
  if (/^(note|notice|info|information|hint|help|remark|style|convention|suggestion|i|n|c)\b/i.test(word))
    return 'notice';
  return undefined;
}
