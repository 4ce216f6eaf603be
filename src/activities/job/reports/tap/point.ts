import { LONGEST, type RawCase } from '../raw-case.js';
import { asLines, durationOf, messageOf, messageOfComments, placeInComments, placeOf } from './diagnostic.js';
import type { Description } from './line.js';

/** A test point that still waits for what is said of it. */
export interface Point extends Description {
  readonly depth: number;
  readonly indent: number;
  readonly suite: string | undefined;
  readonly ok: boolean;
  /** As its line says it. */
  readonly number: number | undefined;
  readonly yaml: string[];
  /** What follows it in comments, where it has failed. */
  readonly comments: string[];
  /** What it is described as if a group begins within it, in braces. */
  group: Description | undefined;
  /** It has been said that it failed. */
  isTold: boolean;
}

/** Returns whether a point has failed: one that is skipped or TODO has not. */
export function hasFailed({ ok, directive }: Point): boolean {
  return !ok && directive === undefined;
}

/** Returns why a point is skipped or TODO. */
export function reasonOf({ why }: Point): RawCase['said'] {
  return why ? [{ message: why.slice(0, LONGEST.message), text: '' }] : [];
}

/** Returns a point as the test that it is, with all that was said of it. */
export function caseOf(point: Point): RawCase {
  const { name, suite, directive, comments, durationMs } = point;
  const yaml = asLines(point.yaml);
  const { file, line } = { ...placeInComments(comments), ...placeOf(yaml) };
  const found = { name, suite, durationMs: durationOf(yaml) ?? durationMs, file, line };
  if (!hasFailed(point))
    return { ...found, outcome: directive === undefined ? 'passed' : 'skipped', said: reasonOf(point) };
  const said = [yaml.length > 0 || comments.length === 0 ? messageOf(yaml) : messageOfComments(comments)];
  return { ...found, outcome: 'failed', said };
}
