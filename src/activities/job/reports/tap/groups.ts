import { LONGEST, type RawCase } from '../raw-case.js';
import { createHeldFailures } from './held-failures.js';
import type { Description } from './line.js';
import { isUnmet, type Level, newLevel, unmetPlan } from './plan.js';
import { caseOf, hasFailed, type Point, reasonOf } from './point.js';

/** What the tests of a report are told to. */
export interface GroupsSink {
  add(found: RawCase): void;
  /** Is called at once, before what is said of the failure has come. */
  onFailed(name: string): void;
}

/** A point as its line tells of it. */
export interface NewPoint {
  readonly ok: boolean;
  readonly number: number | undefined;
  readonly described: Description;
  /** See {@link Point.group}. */
  readonly group: Description | undefined;
  readonly hasDash: boolean;
}

/**
 * The test points of a report, and the groups that they are in: subtests are indented, and what a group of them has come to follows them,
 * or they stand in braces after it. Groups are no tests of their own, unless they fail though nothing in them has. What fails within a
 * group that is skipped or TODO is no failure, so that it is told once its group has ended.
 */
export interface Groups {
  /** The point that is not settled: what comes may be said of it. */
  last(): Point | undefined;
  /** Takes a point, which is the last then. */
  point(indent: number, found: NewPoint): void;
  /** Adds the last point, of which all is known now. */
  settle(): void;
  /** Takes a plan. */
  plan(indent: number, tests: number): void;
  /** Takes that another program begins, which says so. Groups that one before it has begun and not ended are over. */
  version(indent: number): void;
  /** Looks at how deep a line is: where a group in braces begins, or one has not ended, which was none. */
  place(indent: number): void;
  /** Takes a brace that stands alone in its line. */
  brace(indent: number, opens: boolean): void;
  /** Takes that a group of its own begins: what stood at its level was of another, which has not ended. */
  begin(indent: number, name: string): void;
  /** Adds a failure that is no test's. */
  fail(found: RawCase): void;
  /**
   * Ends all groups, whose failures count. Returns those of the plans that were not kept, the report's first, which are to be added. A
   * program that says its version has a plan.
   */
  end(): readonly RawCase[];
}

/** Subtests within subtests. */
const MAX_DEPTH = 50;

/** Returns what takes points and groups as they come. */
export function createGroups({ add, onFailed }: GroupsSink): Groups {
  const levels: Level[] = [newLevel()];
  const held = createHeldFailures();
  /** The name that a comment has announced. */
  let announced: string | undefined;
  let last: Point | undefined;
  /** Those whose groups have begun, in braces, and not ended. */
  const around: Point[] = [];
  /** All points of the program so far end in a time, as those of bats do where it is asked for times. */
  let mayBeTimed = true;
  /** Nothing has come since a program has said which version it writes. */
  let isBegun = false;
  /** A program has said which version it writes. */
  let isVersioned = false;

  const fail = (found: RawCase) => {
    onFailed(found.name);
    add(found);
  };

  const hold = (depth: number, found: RawCase) => {
    if (!held.add(depth, found)) fail(found);
  };

  const settle = () => {
    if (!last) return;
    const point = last;
    last = undefined;
    const inner = levels[point.depth + 1];
    levels.length = Math.min(levels.length, point.depth + 1);
    conclude(point, { inner, within: held.take(point.depth + 1) });
  };

  /** Adds a test point. `inner`, `within`: what has come of its group, if it is one. */
  const conclude = (given: Point, { inner, within }: { inner?: Level | undefined; within: readonly RawCase[] }) => {
    const point = asNamed(given);
    const { depth, name, suite, directive } = point;
    const level = levels[depth];
    if (!level) return;
    tellAtTop(given, within[0]?.name);
    const isFailed = hasFailed(point);
    level.points += 1;
    level.highest = Math.max(level.highest, given.number ?? 0);
    if (isFailed) level.failed += 1;
    const isGroup = inner !== undefined && inner.points > 0;
    if (directive === undefined) {
      for (const found of within) hold(depth, found);
      if (!isFailed && inner && isUnmet(inner))
        hold(depth, unmetPlan(inner, suite === undefined ? name : `${suite} > ${name}`));
    } else for (const found of within) add({ ...found, outcome: 'skipped', said: reasonOf(point) });
    if (isGroup && (!isFailed || inner.failed > 0)) return;
    // Of those at the top it is told already that they failed.
    if (depth === 0 || !isFailed) add(caseOf(point));
    else hold(depth, caseOf(point));
  };

  /** Returns a point with the name that it has as far as anybody knows. */
  const asNamed = (point: Point): Point => {
    if (!mayBeTimed || !point.timed) return point;
    const { name, durationMs } = point.timed;
    return { ...point, name: name.slice(0, LONGEST.name), durationMs };
  };

  /** Says of a point at the top that it failed. Where a group may begin in it, the first that failed in there is named. */
  const tellAtTop = (point: Point, first: string | undefined) => {
    if (point.depth > 0 || !hasFailed(point) || point.isTold) return;
    point.isTold = true;
    onFailed(first ?? asNamed(point).name);
  };

  /** What comes is within the last point, which braces follow: it is its group. */
  const enter = (point: Point) => {
    const { name, ...described } = asNamed({ ...point, ...point.group });
    last = undefined;
    const named = { ...described, name: name.slice(0, LONGEST.name) || point.name };
    around.push({ ...point, ...named, group: undefined });
    levels.push(newLevel(named.name));
  };

  /** The group in braces has ended: its point is the last once more. */
  const leave = () => {
    settle();
    last = around.pop();
    if (last) tellAtTop(last, held.first());
  };

  /** Returns the level of a line, which is there then. */
  const levelAt = (depth: number): Level | undefined => {
    while (levels.length <= depth) levels.push(newLevel());
    return levels[depth];
  };

  /** Returns the failures of plans that were not kept, at that depth and deeper. */
  const unmetFrom = (depth: number): readonly RawCase[] =>
    levels
      .slice(depth)
      .filter(isUnmet)
      .map((level) => unmetPlan(level, level.name));

  return {
    last: () => last,
    settle,
    fail,
    point(indent, { ok, number, described, group, hasDash }) {
      if (!hasDash && described.directive === undefined) mayBeTimed &&= described.timed !== undefined;
      isBegun = false;
      settle();
      const depth = depthOf(indent);
      const level = levelAt(depth);
      if (level && level.name === undefined && depth > 0) level.name = announced;
      const suite = levels
        .slice(1, depth + 1)
        .flatMap((each) => each.name ?? [])
        .join(' > ');
      last = {
        ...{ depth, indent, ok, number, yaml: [], comments: [], isTold: false, ...described, group },
        name: described.name.slice(0, LONGEST.name) || `test ${(level?.points ?? 0) + 1}`,
        suite: suite === '' ? undefined : suite.slice(0, LONGEST.name),
      };
      if (!group) tellAtTop(last, held.first());
    },
    plan(indent, tests) {
      settle();
      const depth = depthOf(indent);
      // It stands before a program's points, or after them.
      if (depth === 0 && !isBegun) mayBeTimed = true;
      // That of a group which nothing has announced stands before its tests.
      const level = levelAt(depth);
      if (level) level.planned = (level.planned ?? 0) + tests;
    },
    version(indent) {
      settle();
      // What comes is of no group of a program that has died within one, and skips nothing of it.
      if (depthOf(indent) === 0) {
        for (const found of [...held.take(0), ...unmetFrom(1)]) fail(found);
        levels.length = 1;
        announced = undefined;
        isVersioned = true;
      }
      // Where bats says that, it writes times apart from names.
      [mayBeTimed, isBegun] = [false, true];
    },
    place(indent) {
      const depth = depthOf(indent);
      if (last?.group && depth > last.depth && levels.length === last.depth + 1) enter(last);
      for (let open = around.at(-1); open && depth <= open.depth; open = around.at(-1)) {
        settle();
        around.pop();
        conclude(open, { within: [] });
      }
    },
    brace(indent, opens) {
      const open = around.at(-1);
      if (last?.indent === indent) last.group = opens ? (last.group ?? last) : undefined;
      else if (!opens && open?.indent === indent) leave();
    },
    begin(indent, name) {
      settle();
      announced = name;
      const depth = Math.floor(indent / INDENT) + 1;
      for (const found of held.take(depth)) fail(found);
      if (levels.length > depth) levels.length = depth;
      while (levels.length < depth) levels.push(newLevel());
      if (depth <= MAX_DEPTH) levels.push(newLevel(name));
    },
    end() {
      settle();
      while (around.length > 0) {
        leave();
        settle();
      }
      for (const found of held.take(0)) fail(found);
      const unmet = unmetFrom(0);
      const [top] = levels;
      const isMissing = isVersioned && unmet.length === 0 && top !== undefined && top.planned === undefined;
      return isMissing ? [unmetPlan(top, undefined)] : unmet;
    },
  };
}

/** In blanks: of each level of subtests. */
const INDENT = 4;

function depthOf(indent: number): number {
  return Math.min(Math.floor(indent / INDENT), MAX_DEPTH);
}
