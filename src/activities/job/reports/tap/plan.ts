import { LONGEST, type RawCase } from '../raw-case.js';

/** The tests of a group, or of all at the top. */
export interface Level {
  /** What the subtests at this level are of: the names of those around them. */
  name: string | undefined;
  /** Tests so far, and how many of them failed. */
  points: number;
  failed: number;
  /** The highest number that a test has said, or 0. */
  highest: number;
  /** Of all plans: a step may run several programs, one after the other. */
  planned: number | undefined;
}

/** What a failure is called that is no test's: other tests came than the plan says, or no plan where there has to be one. */
export const UNMET_PLAN = 'the plan of the tests';

/** Returns a level in which no test has come yet. */
export function newLevel(name?: string): Level {
  return { name, points: 0, failed: 0, highest: 0, planned: undefined };
}

/** Returns whether other tests came than a plan says, by how many they are or by a number; without one, nobody knows. */
export function isUnmet({ planned, points, highest }: Level): boolean {
  return planned !== undefined && (planned !== points || highest > planned);
}

/** Returns the failure of a plan that was not kept. `suite`: the group that it is of. */
export function unmetPlan({ planned, points, highest }: Level, suite: string | undefined): RawCase {
  const message =
    planned === undefined ? 'no plan came: the tests ended early' : otherThan(planned, { points, highest });
  return {
    ...{ name: UNMET_PLAN, outcome: 'failed', said: [{ message, text: '' }] },
    suite: suite?.slice(0, LONGEST.name),
  };
}

function otherThan(planned: number, { points, highest }: Pick<Level, 'points' | 'highest'>): string {
  if (points === planned) return `the plan says ${planned}, and a test has the number ${highest}`;
  const how = points < planned ? 'the tests ended early' : 'there are more tests than planned';
  return `the plan says ${planned}, and ${points} came: ${how}`;
}
