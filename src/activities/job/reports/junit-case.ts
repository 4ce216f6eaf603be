import type { SaxesTagPlain } from 'saxes';
import { LONGEST, type RawCase, type RawMessage } from './raw-case.js';

/** One that a test is in. */
export interface Suite {
  /** From 0: tells it from others of the same name. */
  readonly number: number;
  readonly name: string;
  readonly file: string | undefined;
  /** Its writer tells of each test once: see {@link isToldOnce}. */
  readonly tellsOnce: boolean;
}

/** A test that has begun, and what it has said so far. */
export interface OpenCase {
  readonly tag: SaxesTagPlain;
  readonly failures: RawMessage[];
  /** Failures that are none to its writer: {@link isWarning}. */
  readonly warnings: RawMessage[];
  readonly flaky: RawMessage[];
  skipped: RawMessage | undefined;
  /** What fails in it is expected to. */
  isTodo: boolean;
}

/** What linters call a suite: the file that they have looked at. */
const FILE = /^\/.+\.\w{1,10}$/s;

/** What PHPUnit before 10 writes of a test that it only calls risky, as one without an assertion: it ends with 0 all the same, but where it is told `failOnRisky`. */
const RISKY =
  /^PHPUnit[\\_]Framework[\\_](?:RiskyTestError|OutputError|UnintentionallyCoveredCodeError|MissingCoversAnnotationException|CoveredCodeNotExecutedException)$/;
/** Warnings, which linters write as failures, and end with 0, but where none are allowed: `line 3, col 5, Warning - …` of ESLint, `warning:`, `Line:3` of SwiftLint. */
const WARNING = /^(?:line \d{1,9}, col \d{1,9}, Warning - |warning:\s{1,9}Line:\d)/;

/** What Catch2 says beside the failures of a test with `[!mayfail]` or `[!shouldfail]`, after which it ends with 0. */
const MAY_FAIL = 'TEST_CASE tagged with !mayfail';
/** Assertions of doctest that only warn: `WARN`, `WARN_EQ`. */
const WARN = /^WARN(?:_[A-Z_]{1,40})?$/;
/** Steps that nobody has written yet, which Behat calls errors, and ends with 0, but where it is told to be strict. */
const UNWRITTEN = /^(?:pending|undefined)$/;

/** What Node calls the class of each test. */
const NODES = 'test';

/** Returns a test of which nothing is known yet: `tag` is its own, or that of a failure of a suite. */
export function newCase(tag: SaxesTagPlain): OpenCase {
  return { tag, failures: [], warnings: [], flaky: [], skipped: undefined, isTodo: false };
}

/** Returns a test once it has ended. `suites`: those around it. */
export function caseOf(
  { tag, failures: all, warnings, flaky, skipped, isTodo }: OpenCase,
  suites: readonly Suite[],
  mask: (text: string) => string,
): RawCase {
  const cut = (text: string) => mask(text.trim()).slice(0, LONGEST.name);
  const around = suites.filter(({ name }) => name !== '');
  const innermost = around.at(-1)?.name;
  const isCase = localName(tag.name) === 'testcase';
  const own = isCase ? attribute(tag, 'name', 'id') : undefined;
  const suite = isCase ? (classOf(tag, around) ?? innermost) : around.at(-2)?.name;
  const named = attribute(tag, 'file', 'filepath') ?? suites.findLast((each) => each.file !== undefined)?.file;
  const file = named ?? (innermost !== undefined && FILE.test(innermost) ? innermost : undefined);
  const isFailedAlone = all.length === 0 && flaky.length === 0 && !skipped && isSaidToFail(tag);
  const told = isFailedAlone ? [{ message: '', text: '' }] : all.filter((each) => !failsNothing(each));
  // Node and Catch2 tell of failures that they do not count, too.
  const failures = isTodo ? [] : told;
  // Behat tells of the steps after one that nobody has written as skipped, beside it.
  const spared = isTodo ? undefined : (warnings[0] ?? (skipped ? undefined : all.find(failsNothing)));
  const why = spared ?? skipped;
  const outcome =
    failures.length > 0 ? 'failed' : flaky.length > 0 ? 'flaky' : why || isNotRun(tag) ? 'skipped' : 'passed';
  return {
    name: cut(own ?? innermost ?? suite ?? 'a test without a name'),
    suite: suite === undefined ? undefined : cut(suite),
    outcome,
    triedIn: tellsOnce(tag, suites) ? undefined : JSON.stringify([suites.at(-1)?.number, file]),
    durationMs: isCase ? secondsAsMs(attribute(tag, 'time', 'duration')) : undefined,
    file,
    line: lineOf(attribute(tag, 'line', 'lineno'), around) ?? lineIn(failures[0] ?? spared),
    said: failures.length > 0 ? failures : flaky.length > 0 ? flaky : why?.message ? [why] : [],
    ...(spared && outcome === 'skipped' && { isDoubtful: true as const }),
  };
}

/** Returns whether what says that a test was skipped says that it may fail, as Node and Catch2 write it. */
export function mayFail(tag: SaxesTagPlain): boolean {
  return attribute(tag, 'type') === 'todo' || attribute(tag, 'message') === MAY_FAIL;
}

/** Returns whether what stands in the place of a failure says in its type that it is none. */
export function isWarning(tag: SaxesTagPlain): boolean {
  const type = attribute(tag, 'type') ?? '';
  return WARN.test(type) || (localName(tag.name) === 'error' && UNWRITTEN.test(type));
}

/** Returns whether what stands in the place of a failure is none to its writer. */
function failsNothing({ message, text }: RawMessage): boolean {
  return RISKY.test(message) || WARNING.test(text);
}

/** Returns whether the writer tells of each test once. Node does, and is known by its class. */
function tellsOnce(tag: SaxesTagPlain, suites: readonly Suite[]): boolean {
  return suites.some((each) => each.tellsOnce) || (attribute(tag, 'classname') === NODES && !isPytests(suites));
}

/** Returns the class of a test. Node gives all the same, whatever groups they are in. */
function classOf(tag: SaxesTagPlain, around: readonly Suite[]): string | undefined {
  const own = attribute(tag, 'classname', 'class', 'className');
  if (own !== NODES || around.length === 0 || isPytests(around)) return own;
  return around.map(({ name }) => name).join(' > ');
}

/** As GoogleTest says it, of tests that were disabled or filtered. */
function isNotRun(tag: SaxesTagPlain): boolean {
  return saidOf(tag).some((value) => ['notrun', 'skipped', 'suppressed', 'disabled'].includes(value));
}

/** As some tools say it, without an element that says why. */
function isSaidToFail(tag: SaxesTagPlain): boolean {
  return saidOf(tag).some((value) => ['fail', 'failed', 'failure', 'error'].includes(value));
}

function saidOf(tag: SaxesTagPlain): string[] {
  return [attribute(tag, 'status'), attribute(tag, 'result')].map((value) => value?.toLowerCase() ?? '');
}

function isPytests(suites: readonly Suite[]): boolean {
  return suites.some(({ name }) => /^pytest\b/.test(name));
}

/** Returns the line that a linter tells of its file: `line 3, col 5, Error - …`, as ESLint and stylelint write it. */
function lineIn(failure: RawMessage | undefined): number | undefined {
  return lineOf(/^line (\d{1,9}), col/.exec(failure?.text ?? '')?.[1], []);
}

/** pytest counts lines from 0: https://github.com/pytest-dev/pytest/issues/4557 */
function lineOf(text: string | undefined, suites: readonly Suite[]): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const line = Number(text) + (isPytests(suites) ? 1 : 0);
  return line > 0 ? line : undefined;
}

/** Returns seconds in whole milliseconds, also with commas between thousands, or one before the decimals. */
function secondsAsMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^[\d,]{1,15}(\.\d{1,15})?(e-?\d{1,3})?$/i.test(text.trim())) return undefined;
  const isDecimal = /^\d+,\d+$/.test(text.trim()) && !/^[1-9]\d{0,2},\d{3}$/.test(text.trim());
  const ms = Math.round(Number(text.replaceAll(',', isDecimal ? '.' : '')) * 1000);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** Returns what an element says in its attributes: its message, else the class of what was thrown. */
export function headOf(tag: SaxesTagPlain): string {
  return (attribute(tag, 'message') ?? attribute(tag, 'type') ?? '').trim();
}

/** Returns the first of these attributes that says something. */
export function attribute(tag: SaxesTagPlain, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = tag.attributes[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** Returns a name without its namespace. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
