/** What a line of TAP is, without its indentation; what else is printed between is `undefined`. */
export type TapLine =
  /** `number` and `hasDash` tell it from prose. */
  | {
      readonly kind: 'point';
      readonly ok: boolean;
      readonly number: boolean;
      readonly hasDash: boolean;
      readonly rest: string;
    }
  | { readonly kind: 'version' }
  | { readonly kind: 'plan'; readonly tests: number }
  | { readonly kind: 'subtest'; readonly name: string }
  | { readonly kind: 'bail out'; readonly why: string };

/** The description of a test point, apart from its directive. */
export interface Description {
  readonly name: string;
  /** `todo` or `skip`: then it is no failure. */
  readonly directive: string | undefined;
  /** What follows the directive. */
  readonly why: string;
}

/** The status, the number, the dash and the rest. */
const POINT = /^(ok|not ok)(?: +(\d{1,9})(?= |$))?( +-(?= |$))?(?: +(.*)|)$/;
const VERSION = /^TAP version \d+$/i;
const PLAN = /^1\.\.(\d{1,9})(?:\s*#\s*skip\b\s*(.*))?\s*$/i;
const SUBTEST = /^# Subtest:? *(.*)$/;
const BAIL_OUT = /^Bail out!(.*)$/is;

/** Returns what a line is. Points may be prose all the same: who reads them knows what came before. */
export function readLine(text: string): TapLine | undefined {
  const point = text.startsWith('ok') || text.startsWith('not ok') ? POINT.exec(text) : null;
  if (point) {
    const [, status, number, dash, rest = ''] = point;
    return { kind: 'point', ok: status === 'ok', number: number !== undefined, hasDash: dash !== undefined, rest };
  }
  if (VERSION.test(text)) return { kind: 'version' };
  const subtest = SUBTEST.exec(text)?.[1];
  if (subtest !== undefined) return { kind: 'subtest', name: unescaped(subtest) };
  const tests = PLAN.exec(text)?.[1];
  if (tests !== undefined) return { kind: 'plan', tests: Number(tests) };
  const why = BAIL_OUT.exec(text)?.[1];
  return why === undefined ? undefined : { kind: 'bail out', why: why.trim() };
}

/** Takes a description and its directive apart: `adds # TODO not yet`. */
export function described(text: string): Description {
  const at = text.search(/(?<!\\)#\s*(?:todo|skip)/i);
  if (at < 0) return { name: unescaped(text.replace(/(?<!\\)#.*$/, '')).trim(), directive: undefined, why: '' };
  const [, directive, why = ''] = /^#\s*(todo|skip)\S*\s*(.*)$/i.exec(text.slice(at)) ?? [];
  return { name: unescaped(text.slice(0, at)).trim(), directive: directive?.toLowerCase(), why: why.trim() };
}

function unescaped(text: string): string {
  return text.replace(/\\([#\\])/g, '$1');
}
