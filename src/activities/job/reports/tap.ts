import { type CaseSink, LONGEST, type RawCase, type RawMessage } from './raw-case.js';

/** Reads the Test Anything Protocol as it comes, a line at a time, with whatever else is printed between. */
export interface TapParser {
  line(text: string): void;
  /** Says what is missing at the end. */
  end(): void;
}

/** Subtests within subtests. */
const MAX_DEPTH = 50;
/** Lines of one diagnostic block that are looked at. */
const MAX_YAML = 100;

/** Failures within groups that wait for what becomes of their group; more are told at once. */
const MAX_HELD = 2_000;

interface Level {
  /** What the subtests at this level are of: the names of those around them. */
  name: string | undefined;
  /** Tests so far, and how many of them failed. */
  points: number;
  failed: number;
  /** Of all plans: a step may run several programs, one after the other. */
  planned: number | undefined;
}

/** A test point that still waits for what is said of it. */
interface Point {
  readonly depth: number;
  readonly indent: number;
  readonly name: string;
  readonly suite: string | undefined;
  readonly ok: boolean;
  readonly directive: string | undefined;
  readonly why: string;
  readonly yaml: string[];
}

/** The status, the number, the dash and the rest. */
const POINT = /^(ok|not ok)(?: +(\d{1,9})(?= |$))?( +-(?= |$))?(?: +(.*)|)$/;
const VERSION = /^TAP version \d+$/i;
const PLAN = /^1\.\.(\d{1,9})(?:\s*#\s*skip\b\s*(.*))?\s*$/i;

/**
 * Returns a parser of TAP 12 to 14, and of what Node.js and node-tap write: subtests are indented, and what a group of them
 * has come to follows them. Groups are no tests of their own, unless they fail though nothing in them has. What fails within a
 * group that is skipped or TODO is no failure, so that it is told once its group has ended.
 *
 * `onFailed` is called at once, before what is said of the failure has come.
 *
 * Source: https://testanything.org/tap-version-14-specification.html
 */
export function createTapParser(sink: CaseSink, onFailed: (name: string) => void = () => undefined): TapParser {
  const levels: Level[] = [newLevel()];
  /** By indentation: the name that a comment has announced. */
  let announced: { readonly indent: number; readonly name: string } | undefined;
  let last: Point | undefined;
  let yamlIndent: number | undefined;
  /** The line before was `last`, so a diagnostic block may begin. */
  let mayDescribe = false;
  let seen = false;
  let isFull = false;
  /** Points have numbers: what has none is not a point. */
  let isNumbered = false;
  /** Failures within groups that have not ended. */
  let held: { readonly depth: number; readonly found: RawCase }[] = [];

  const add = (found: RawCase) => {
    isFull ||= !sink.add(found);
  };

  const fail = (found: RawCase) => {
    onFailed(found.name);
    add(found);
  };

  /** Takes the failures that are as deep as that, or deeper. */
  const takeHeld = (depth: number): RawCase[] => {
    const taken = held.filter((each) => each.depth >= depth).map(({ found }) => found);
    if (taken.length > 0) held = held.filter((each) => each.depth < depth);
    return taken;
  };

  const hold = (depth: number, found: RawCase) => {
    if (depth === 0 || held.length >= MAX_HELD) fail(found);
    else held.push({ depth, found });
  };

  const settle = () => {
    if (!last) return;
    const { depth, name, suite, ok, directive, why, yaml } = last;
    last = undefined;
    yamlIndent = undefined;
    const level = levels[depth];
    if (!level) return;
    const isFailed = !ok && directive === undefined;
    const inner = levels.length > depth + 1 ? levels[depth + 1] : undefined;
    levels.length = depth + 1;
    level.points += 1;
    if (isFailed) level.failed += 1;
    const within = takeHeld(depth + 1);
    const isGroup = inner !== undefined && inner.points > 0;
    const reason = why ? [{ message: why.slice(0, LONGEST.message), text: '' }] : [];
    if (directive === undefined) {
      for (const found of within) hold(depth, found);
      if (!isFailed && inner && isUnmet(inner))
        hold(depth, unmetPlan(inner, suite === undefined ? name : `${suite} > ${name}`));
    } else for (const found of within) add({ ...found, outcome: 'skipped', said: reason });
    if (isGroup && (!isFailed || inner.failed > 0)) return;
    const outcome = isFailed ? 'failed' : directive === undefined ? 'passed' : 'skipped';
    const { file, line } = placeOf(yaml);
    const found = { name, suite, durationMs: durationOf(yaml), file, line };
    if (!isFailed) return add({ ...found, outcome, said: reason });
    const failed: RawCase = { ...found, outcome: 'failed', said: [messageOf(yaml)] };
    if (depth === 0) add(failed);
    else hold(depth, failed);
  };

  const point = (indent: number, match: RegExpExecArray) => {
    const depth = Math.min(depthOf(indent), MAX_DEPTH);
    settle();
    seen = true;
    while (levels.length <= depth) levels.push(newLevel());
    const level = levels[depth];
    if (level && level.name === undefined && depth > 0) level.name = announced?.name;
    const [, status, , , rest = ''] = match;
    const { name, directive, why } = described(rest);
    const suite = levels
      .slice(1, depth + 1)
      .flatMap((each) => each.name ?? [])
      .join(' > ');
    last = {
      ...{ depth, indent, directive, why, yaml: [] },
      ok: status === 'ok',
      name: name.slice(0, LONGEST.name) || `test ${(level?.points ?? 0) + 1}`,
      suite: suite === '' ? undefined : suite.slice(0, LONGEST.name),
    };
    mayDescribe = true;
    if (depth === 0 && !last.ok && directive === undefined) onFailed(held[0]?.found.name ?? last.name);
  };

  /** Whether a line that may be a test point is one, and no prose: as Go's "ok  example.org/x" or the "ok" of prove. */
  const isPoint = ([, , number, dash, rest = '']: RegExpExecArray): boolean => {
    if (number !== undefined) isNumbered = true;
    if (number !== undefined || dash !== undefined) return true;
    return !isNumbered && (seen || rest === '' || rest.startsWith('#'));
  };

  return {
    line(text) {
      if (isFull) return;
      const indent = text.length - text.trimStart().length;
      const rest = text.slice(indent).trimEnd();
      const isNext = mayDescribe;
      mayDescribe = false;
      if (last && yamlIndent !== undefined && (indent >= yamlIndent || rest === '')) {
        if (rest === '...' && indent === yamlIndent) yamlIndent = undefined;
        else if (last.yaml.length < MAX_YAML) last.yaml.push(text.slice(yamlIndent, yamlIndent + LONGEST.message));
        return;
      }
      yamlIndent = undefined;
      if (rest === '---' && last && isNext && indent > last.indent) {
        yamlIndent = indent;
        return;
      }
      const match = rest.startsWith('ok') || rest.startsWith('not ok') ? POINT.exec(rest) : null;
      if (match && isPoint(match)) return point(indent, match);
      if (VERSION.test(rest)) {
        seen = true;
        return;
      }
      const subtest = /^# Subtest:? *(.*)$/.exec(rest)?.[1];
      if (subtest !== undefined) {
        settle();
        announced = { indent, name: unescaped(subtest) };
        const depth = depthOf(indent) + 1;
        // A group of its own begins: what stood at its level was of another, which has not ended.
        for (const found of takeHeld(depth)) fail(found);
        if (levels.length > depth) levels.length = depth;
        while (levels.length < depth) levels.push(newLevel());
        if (depth <= MAX_DEPTH) levels.push({ ...newLevel(), name: announced.name });
        return;
      }
      const plan = PLAN.exec(rest);
      if (plan) {
        if (levels.length - 1 >= depthOf(indent)) settle();
        seen = true;
        const level = levels[Math.min(depthOf(indent), levels.length - 1)];
        if (level) level.planned = (level.planned ?? 0) + Number(plan[1]);
        return;
      }
      if (/^Bail out!/i.test(rest)) {
        settle();
        seen = true;
        const why = rest.slice('Bail out!'.length).trim();
        for (const found of takeHeld(0)) fail(found);
        fail({
          name: BAILED_OUT,
          outcome: 'failed',
          said: [{ message: why.slice(0, LONGEST.message), text: '' }],
        });
        isFull = true;
      }
    },
    end() {
      if (yamlIndent !== undefined) sink.note('it ends within what is said of a test ("---" without "...")');
      settle();
      for (const found of takeHeld(0)) fail(found);
      if (isFull) return;
      if (!seen) return sink.note('it holds no TAP: no line begins with "ok 1", "not ok 1" or a plan');
      const [top] = levels;
      if (top && isUnmet(top)) fail(unmetPlan(top, undefined));
    },
  };
}

/** What a failure is called that is none of a test. */
export const BAILED_OUT = 'Bail out!';
export const UNMET_PLAN = 'the plan of the tests';

/** Whether other tests came than a plan says; without one, nobody knows. */
function isUnmet({ planned, points }: Level): boolean {
  return planned !== undefined && planned !== points;
}

function unmetPlan({ planned = 0, points }: Level, suite: string | undefined): RawCase {
  const how = points < planned ? 'the tests ended early' : 'there are more tests than planned';
  const message = `the plan says ${planned}, and ${points} came: ${how}`;
  return {
    ...{ name: UNMET_PLAN, outcome: 'failed', said: [{ message, text: '' }] },
    suite: suite?.slice(0, LONGEST.name),
  };
}

function newLevel(): Level {
  return { name: undefined, points: 0, failed: 0, planned: undefined };
}

/** Each level of subtests is indented by four. */
function depthOf(indent: number): number {
  return Math.floor(indent / 4);
}

/** Takes a description and its directive apart: `adds # TODO not yet`. */
function described(text: string): { name: string; directive: string | undefined; why: string } {
  const at = text.search(/(?<!\\)#\s*(?:todo|skip)/i);
  if (at < 0) return { name: unescaped(text.replace(/(?<!\\)#.*$/, '')).trim(), directive: undefined, why: '' };
  const [, directive, why = ''] = /^#\s*(todo|skip)\S*\s*(.*)$/i.exec(text.slice(at)) ?? [];
  return { name: unescaped(text.slice(0, at)).trim(), directive: directive?.toLowerCase(), why: why.trim() };
}

function unescaped(text: string): string {
  return text.replace(/\\([#\\])/g, '$1');
}

function textAt(yaml: readonly string[], keys: readonly string[]): string | undefined {
  for (const [index, line] of yaml.entries()) {
    const [, key = '', value = ''] = /^ {0,2}(\w+):\s*(.*)$/.exec(line) ?? [];
    if (!keys.includes(key)) continue;
    if (!/^[|>][-+\d]*$/.test(value)) return value.replace(/^(['"])(.*)\1$/, '$2');
    const block = yaml.slice(index + 1);
    const end = block.findIndex((each) => each !== '' && !/^\s{2,}/.test(each));
    return block
      .slice(0, end < 0 ? undefined : end)
      .map((each) => each.trim())
      .join('\n')
      .trim();
  }
  return undefined;
}

function messageOf(yaml: readonly string[]): RawMessage {
  const message = textAt(yaml, ['error', 'message', 'reason']) ?? '';
  // Where the test begins is told apart from where it failed.
  const text = yaml.filter((line) => !/^\s{0,4}location:/.test(line)).join('\n');
  return { message: message.slice(0, LONGEST.message), text: text.slice(0, LONGEST.text) };
}

/** `location` is Node's: `/work/test/sum.test.js:3:1`; `at` a block of node-tap's, with `file` and `line`. */
function placeOf(yaml: readonly string[]): { file?: string; line?: number } {
  const [, file, line] = /^(.{1,1000}?):(\d{1,9})(?::\d{1,9})?$/.exec(textAt(yaml, ['location']) ?? '') ?? [];
  if (file !== undefined) return { file: file.replace(/^file:\/\//, ''), line: Number(line) };
  const own = (key: RegExp) => yaml.map((each) => key.exec(each.trimEnd())?.[1]).find((each) => each !== undefined);
  const [named, at] = [own(/^\s*(?:file|fileName):\s*['"]?(.+?)['"]?$/), own(/^\s*(?:line|lineNumber):\s*(\d{1,9})$/)];
  return { ...(named !== undefined && { file: named }), ...(at !== undefined && { line: Number(at) }) };
}

function durationOf(yaml: readonly string[]): number | undefined {
  const ms = Number(textAt(yaml, ['duration_ms', 'duration']) ?? Number.NaN);
  return Number.isFinite(ms) && ms >= 0 ? Math.round(ms) : undefined;
}
