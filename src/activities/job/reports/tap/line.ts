/** What a line of TAP is, without its indentation; what else is printed between is `undefined`. */
export type TapLine =
  /** `number` and `hasDash` tell it from prose; `begun` is its rest without the brace that may begin a group: `ok 1 - a {`. */
  | {
      readonly kind: 'point';
      readonly ok: boolean;
      readonly number: boolean;
      readonly hasDash: boolean;
      readonly rest: string;
      readonly begun: string | undefined;
    }
  | { readonly kind: 'version' }
  | { readonly kind: 'plan'; readonly tests: number }
  | { readonly kind: 'subtest'; readonly name: string }
  | { readonly kind: 'bail out'; readonly why: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'brace'; readonly opens: boolean };

/** The description of a test point, apart from its directive. */
export interface Description {
  readonly name: string;
  /** `todo` or `skip`: then it is no failure. */
  readonly directive: string | undefined;
  /** What follows the directive. */
  readonly why: string;
}

/** The status, the number, the dash and the rest. */
const POINT = /^(ok|not ok)(?: +(\d{1,9})(?= |$))?( +-(?= |$))?(?: +(.*)|)$/s;
const VERSION = /^TAP version \d+$/i;
const PLAN = /^1\.\.(\d{1,9})(?:\s*#\s*skip.*)?\s*$/is;
const SUBTEST = /^# Subtest:? *(.*)$/s;
const BAIL_OUT = /^Bail out!(.*)$/is;
/** What node-tap adds of a test's time. */
const COMMENTED = /(?:^|\s)#(?=\s|$).*$/s;
const COMMENT = /^# {0,3}(.*)$/s;
/** What a test is named is no directive, as in "finds #skipped entries" and "reads a # todo-list": a failing test would be lost. */
const DIRECTIVE = /(?:^|\s)#(?:\s*(todo|skip)|\s+(skip)(?:ped|ping))(?![\w-])\S*\s*(.*)$/is;

/** Returns what a line is. Points may be prose all the same: who reads them knows what came before. */
export function readLine(text: string): TapLine | undefined {
  const point = text.startsWith('ok') || text.startsWith('not ok') ? POINT.exec(text) : null;
  if (point) {
    const [, status, number, dash, rest = ''] = point;
    const begun = /(?:^|\s)\{$/.test(rest) ? rest.slice(0, -1).trimEnd() : undefined;
    const has = { number: number !== undefined, hasDash: dash !== undefined };
    return { kind: 'point', ok: status === 'ok', ...has, rest, begun };
  }
  if (VERSION.test(text)) return { kind: 'version' };
  const subtest = SUBTEST.exec(text)?.[1];
  if (subtest !== undefined) return { kind: 'subtest', name: unescaped(subtest) };
  const tests = PLAN.exec(text)?.[1];
  if (tests !== undefined) return { kind: 'plan', tests: Number(tests) };
  const why = BAIL_OUT.exec(text)?.[1];
  if (why !== undefined) return { kind: 'bail out', why: why.trim() };
  if (text === '{' || text === '}') return { kind: 'brace', opens: text === '{' };
  const comment = COMMENT.exec(text)?.[1];
  return comment === undefined ? undefined : { kind: 'comment', text: comment };
}

/** Takes a description and its directive apart: `adds # TODO not yet`. */
export function described(text: string): Description {
  const found = DIRECTIVE.exec(text);
  if (!found) return { name: unescaped(text.replace(COMMENTED, '')).trim(), directive: undefined, why: '' };
  const [, exact, inFull, why = ''] = found;
  const directive = (exact ?? inFull)?.toLowerCase();
  return { name: unescaped(text.slice(0, found.index)).trim(), directive, why: why.trim() };
}

function unescaped(text: string): string {
  return text.replace(/\\([#\\])/g, '$1');
}
