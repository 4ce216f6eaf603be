/** What a line of TAP is, without its indentation; what else is printed between is `undefined`. */
export type TapLine =
  /** `number` and `hasDash` tell it from prose; `begun` is its rest without the brace that may begin a group: `ok 1 - a {`. */
  | {
      readonly kind: 'point';
      readonly ok: boolean;
      readonly number: number | undefined;
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
  /** How long it took, in milliseconds, where the line itself says so. */
  readonly durationMs: number | undefined;
  /** What it is called and how long it took if the end of its name is a time of bats. */
  readonly timed: Pick<Description, 'name' | 'durationMs'> | undefined;
}

/** The status, the number, the dash and the rest. */
const POINT = /^(ok|not ok)(?: +(\d{1,9})(?= |$))?( +-(?= |$))?(?: +(.*)|)$/s;
const VERSION = /^TAP version \d+$/i;
/** A reason may follow, also where nothing is skipped: `1..3 # on two machines`. */
const PLAN = /^1\.\.(\d{1,9})(?:\s*#.*)?\s*$/s;
const SUBTEST = /^# Subtest:? *(.*)$/s;
const BAIL_OUT = /^Bail out!(.*)$/is;
/** What node-tap adds of a test's time. */
const COMMENTED = /(?:^|\s)#(?=\s|$).*$/s;
/** `# time=12.3ms`, as node-tap and Vitest write it. */
const TIME = /\s# time=(\d{1,12}(?:\.\d{1,9})?)ms\b/;
/** `adds in 12ms`, as bats writes it where it is asked for times: the name is another one each time. It writes no dash. */
const BATS_TIME = /\sin (\d{1,9})ms\s*$/;
const COMMENT = /^# {0,3}(.*)$/s;
/** What a test is named is no directive, as in "finds #skipped entries" and "reads a # todo-list": a failing test would be lost. */
const DIRECTIVE = /(?:^|\s)#(?:\s*(todo|skip)|\s+(skip)(?:ped|ping))(?![\w-])\S*\s*(.*)$/is;

/** Returns what a line is. Points may be prose all the same: who reads them knows what came before. */
export function readLine(text: string): TapLine | undefined {
  const point = text.startsWith('ok') || text.startsWith('not ok') ? POINT.exec(text) : null;
  if (point) {
    const [, status, number, dash, rest = ''] = point;
    const begun = /(?:^|\s)\{$/.test(rest) ? rest.slice(0, -1).trimEnd() : undefined;
    const has = { number: number === undefined ? undefined : Number(number), hasDash: dash !== undefined };
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
export function described(text: string, hasDash = true): Description {
  const found = DIRECTIVE.exec(text);
  const told = found ? text.slice(0, found.index) : text.replace(COMMENTED, '');
  const [, exact, inFull, why = ''] = found ?? [];
  const time = hasDash ? null : BATS_TIME.exec(told);
  return {
    name: nameIn(told),
    directive: (exact ?? inFull)?.toLowerCase(),
    why: why.trim(),
    durationMs: wholeMs(TIME.exec(text)?.[1]),
    timed: time ? { name: nameIn(told.slice(0, time.index)), durationMs: wholeMs(time[1]) } : undefined,
  };
}

function nameIn(text: string): string {
  return unescaped(text).trim();
}

function wholeMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.round(Number(text));
}

function unescaped(text: string): string {
  return text.replace(/\\([#\\])/g, '$1');
}
