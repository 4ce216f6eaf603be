import { type CaseSink, LONGEST, type RawCase } from '../raw-case.js';
import { durationOf, messageOf, messageOfComments, placeInComments, placeOf } from './diagnostic.js';
import { createHeldFailures } from './held-failures.js';
import { type Description, described, readLine, type TapLine } from './line.js';
import { isUnmet, type Level, newLevel, unmetPlan } from './plan.js';

/** Reads the Test Anything Protocol as it comes, a line at a time, with whatever else is printed between. */
export interface TapParser {
  line(text: string): void;
  /** Says what is missing at the end. */
  end(): void;
}

/** What a failure is called that is no test's: a program has given up. */
export const BAILED_OUT = 'Bail out!';

/** Subtests within subtests. */
const MAX_DEPTH = 50;
/** Lines of one diagnostic block, or of comments on one test, that are looked at. */
const MAX_YAML = 100;

/** A test point that still waits for what is said of it. */
interface Point extends Description {
  readonly depth: number;
  readonly indent: number;
  readonly suite: string | undefined;
  readonly ok: boolean;
  readonly yaml: string[];
  /** What follows it in comments, where it has failed. */
  readonly comments: string[];
  /** What it is described as if a group begins within it, in braces. */
  group: Description | undefined;
  /** It has been said that it failed. */
  isTold: boolean;
}

type TestPoint = Extract<TapLine, { kind: 'point' }>;

/**
 * Returns a parser of TAP 12 to 14, and of what Node.js and node-tap write: subtests are indented, and what a group of them
 * has come to follows them. Groups are no tests of their own, unless they fail though nothing in them has. What fails within a
 * group that is skipped or TODO is no failure, so that it is told once its group has ended. What node-tap runs at once stands in braces:
 * there the group's line comes first, `ok 1 - a.js {`, and whether one begins is seen by the line that follows.
 *
 * `onFailed` is called at once, before what is said of the failure has come.
 *
 * Source: https://testanything.org/tap-version-14-specification.html
 */
export function createTapParser(sink: CaseSink, onFailed: (name: string) => void = () => undefined): TapParser {
  const levels: Level[] = [newLevel()];
  const held = createHeldFailures();
  /** By indentation: the name that a comment has announced. */
  let announced: string | undefined;
  let last: Point | undefined;
  /** Those whose groups have begun, in braces, and not ended. */
  const around: Point[] = [];
  let yamlIndent: number | undefined;
  /** The line before was `last`, so a diagnostic block may begin. */
  let mayDescribe = false;
  /** Nothing but indented lines has come since `last`. */
  let maySay = false;
  let seen = false;
  let isFull = false;
  /** Points have numbers: what has none is not a point. */
  let isNumbered = false;

  const add = (found: RawCase) => {
    isFull ||= !sink.add(found);
  };

  const fail = (found: RawCase) => {
    onFailed(found.name);
    add(found);
  };

  const hold = (depth: number, found: RawCase) => {
    if (!held.add(depth, found)) fail(found);
  };

  /** Adds the last test point, of which all is known now. */
  const settle = () => {
    if (!last) return;
    const point = last;
    last = undefined;
    yamlIndent = undefined;
    const inner = levels[point.depth + 1];
    levels.length = Math.min(levels.length, point.depth + 1);
    conclude(point, { inner, within: held.take(point.depth + 1) });
  };

  /** Adds a test point. `inner`, `within`: what has come of its group, if it is one. */
  const conclude = (point: Point, { inner, within }: { inner?: Level | undefined; within: readonly RawCase[] }) => {
    const { depth, name, suite, ok, directive, why, yaml, comments, durationMs } = point;
    const level = levels[depth];
    if (!level) return;
    tellAtTop(point, within[0]?.name);
    const isFailed = !ok && directive === undefined;
    level.points += 1;
    if (isFailed) level.failed += 1;
    const isGroup = inner !== undefined && inner.points > 0;
    const reason = why ? [{ message: why.slice(0, LONGEST.message), text: '' }] : [];
    if (directive === undefined) {
      for (const found of within) hold(depth, found);
      if (!isFailed && inner && isUnmet(inner))
        hold(depth, unmetPlan(inner, suite === undefined ? name : `${suite} > ${name}`));
    } else for (const found of within) add({ ...found, outcome: 'skipped', said: reason });
    if (isGroup && (!isFailed || inner.failed > 0)) return;
    const outcome = isFailed ? 'failed' : directive === undefined ? 'passed' : 'skipped';
    const { file, line } = { ...placeInComments(comments), ...placeOf(yaml) };
    const found = { name, suite, durationMs: durationOf(yaml) ?? durationMs, file, line };
    if (!isFailed) return add({ ...found, outcome, said: reason });
    const said = [yaml.length > 0 || comments.length === 0 ? messageOf(yaml) : messageOfComments(comments)];
    const failed: RawCase = { ...found, outcome: 'failed', said };
    // Of those at the top it is told already.
    if (depth === 0) add(failed);
    else hold(depth, failed);
  };

  /** Says of a point at the top that it failed. Where a group may begin in it, the first that failed in there is named. */
  const tellAtTop = (point: Point, first: string | undefined) => {
    if (point.depth > 0 || point.ok || point.directive !== undefined || point.isTold) return;
    point.isTold = true;
    onFailed(first ?? point.name);
  };

  const point = (indent: number, { ok, rest, begun, hasDash }: TestPoint) => {
    const depth = Math.min(depthOf(indent), MAX_DEPTH);
    settle();
    seen = true;
    while (levels.length <= depth) levels.push(newLevel());
    const level = levels[depth];
    if (level && level.name === undefined && depth > 0) level.name = announced;
    const suite = levels
      .slice(1, depth + 1)
      .flatMap((each) => each.name ?? [])
      .join(' > ');
    const { name, ...description } = described(rest, hasDash);
    last = {
      ...{ depth, indent, ok, yaml: [], comments: [], isTold: false, ...description },
      group: begun === undefined ? undefined : described(begun, hasDash),
      name: name.slice(0, LONGEST.name) || `test ${(level?.points ?? 0) + 1}`,
      suite: suite === '' ? undefined : suite.slice(0, LONGEST.name),
    };
    [mayDescribe, maySay] = [true, true];
    if (!last.group) tellAtTop(last, held.first());
  };

  /** The line that comes is within the last point, which braces follow: what comes is its group. */
  const enter = (point: Point) => {
    const { name, ...description } = point.group ?? point;
    last = undefined;
    yamlIndent = undefined;
    const named = { ...description, name: name.slice(0, LONGEST.name) || point.name };
    around.push({ ...point, ...named, group: undefined });
    levels.push(newLevel(named.name));
  };

  /** The group in braces has ended: its point is the last once more. */
  const leave = () => {
    settle();
    last = around.pop();
    if (last) tellAtTop(last, held.first());
  };

  /** Looks at how deep a line of TAP is: where a group in braces begins, or one has not ended, which was none. */
  const place = (indent: number) => {
    const depth = Math.min(depthOf(indent), MAX_DEPTH);
    if (last?.group && depth > last.depth && levels.length === last.depth + 1) enter(last);
    for (let open = around.at(-1); open && depth <= open.depth; open = around.at(-1)) {
      settle();
      around.pop();
      conclude(open, { within: [] });
    }
  };

  const brace = (indent: number, opens: boolean) => {
    const open = around.at(-1);
    if (last?.indent === indent) last.group = opens ? (last.group ?? last) : undefined;
    else if (!opens && open?.indent === indent) leave();
  };

  /** A group of its own begins: what stood at its level was of another, which has not ended. */
  const beginGroup = (indent: number, name: string) => {
    settle();
    announced = name;
    const depth = depthOf(indent) + 1;
    for (const found of held.take(depth)) fail(found);
    if (levels.length > depth) levels.length = depth;
    while (levels.length < depth) levels.push(newLevel());
    if (depth <= MAX_DEPTH) levels.push(newLevel(name));
  };

  const plan = (indent: number, tests: number) => {
    settle();
    seen = true;
    const depth = Math.min(depthOf(indent), MAX_DEPTH);
    // That of a group which nothing has announced stands before its tests.
    while (levels.length <= depth) levels.push(newLevel());
    const level = levels[depth];
    if (level) level.planned = (level.planned ?? 0) + tests;
  };

  const bailOut = (why: string) => {
    settle();
    seen = true;
    for (const found of held.take(0)) fail(found);
    fail({ name: BAILED_OUT, outcome: 'failed', said: [{ message: why.slice(0, LONGEST.message), text: '' }] });
    isFull = true;
  };

  /** Whether a line that may be a test point is one, and no prose: as Go's "ok  example.org/x" or the "ok" of prove. */
  const isPoint = ({ number, hasDash, rest }: TestPoint): boolean => {
    isNumbered ||= number;
    if (number || hasDash) return true;
    return !isNumbered && (seen || rest === '' || rest.startsWith('#'));
  };

  const comment = (text: string) => {
    if (last && !last.ok && last.comments.length < MAX_YAML) last.comments.push(text.slice(0, LONGEST.message));
  };

  /** Takes a line that is indented, after a failure: what Mocha says of it. */
  const say = (text: string) => {
    if (text.trim() !== '') comment(text.slice((last?.indent ?? 0) + 2).trimEnd());
  };

  /** Takes a line of what is said of the last test point; returns whether it was one. */
  const describe = (text: string, { indent, rest, isNext }: { indent: number; rest: string; isNext: boolean }) => {
    if (last && yamlIndent !== undefined && (indent >= yamlIndent || rest === '')) {
      if (rest === '...' && indent === yamlIndent) yamlIndent = undefined;
      else if (last.yaml.length < MAX_YAML) last.yaml.push(text.slice(yamlIndent, yamlIndent + LONGEST.message));
      return true;
    }
    const begins = rest === '---' && last !== undefined && isNext && indent > last.indent;
    yamlIndent = begins ? indent : undefined;
    return begins;
  };

  return {
    line(text) {
      if (isFull) return;
      const indent = text.length - text.trimStart().length;
      const rest = text.slice(indent).trimEnd();
      const isNext = mayDescribe;
      mayDescribe = false;
      if (describe(text, { indent, rest, isNext })) return;
      const line = readLine(rest);
      if (line?.kind === 'point' && !isPoint(line)) return;
      maySay &&= line === undefined && last !== undefined && (indent > last.indent || rest === '');
      if (maySay) return say(text);
      switch (line?.kind) {
        case 'point':
          place(indent);
          return point(indent, line);
        case 'version':
          seen = true;
          return;
        case 'subtest':
          place(indent);
          return beginGroup(indent, line.name);
        case 'plan':
          place(indent);
          return plan(indent, line.tests);
        case 'bail out':
          return bailOut(line.why);
        case 'brace':
          return brace(indent, line.opens);
        case 'comment':
          // What Ava's tests print stands before their block.
          mayDescribe = isNext;
          return comment(line.text);
        default:
          return line satisfies undefined;
      }
    },
    end() {
      if (yamlIndent !== undefined) sink.note('it ends within what is said of a test ("---" without "...")');
      settle();
      while (around.length > 0) {
        leave();
        settle();
      }
      for (const found of held.take(0)) fail(found);
      if (isFull) return;
      if (!seen) return sink.note('it holds no TAP: no line begins with "ok 1", "not ok 1" or a plan');
      const [top] = levels;
      if (top && isUnmet(top)) fail(unmetPlan(top, undefined));
    },
  };
}

/** Each level of subtests is indented by four. */
function depthOf(indent: number): number {
  return Math.floor(indent / 4);
}
