import { LONGEST, type RawCase } from '../raw-case.js';

/** The tests of a group, or of all at the top. */
export interface Level {
  /** What the subtests at this level are of: the names of those around them. */
  name: string | undefined;
  /** Tests so far, and how many of them failed. */
  points: number;
  failed: number;
  /** Of all plans: a step may run several programs, one after the other. */
  planned: number | undefined;
}

/** What a failure is called that is no test's: other tests came than the plan says. */
export const UNMET_PLAN = 'the plan of the tests';

/** Returns a level in which no test has come yet. */
export function newLevel(name?: string): Level {
  return { name, points: 0, failed: 0, planned: undefined };
}

/** Returns whether other tests came than a plan says; without one, nobody knows. */
export function isUnmet({ planned, points }: Level): boolean {
  return planned !== undefined && planned !== points;
}

/** Returns the failure of a plan that was not kept. `suite`: the group that it is of. */
export function unmetPlan({ planned = 0, points }: Level, suite: string | undefined): RawCase {
  const how = points < planned ? 'the tests ended early' : 'there are more tests than planned';
  const message = `the plan says ${planned}, and ${points} came: ${how}`;
  return {
    ...{ name: UNMET_PLAN, outcome: 'failed', said: [{ message, text: '' }] },
    suite: suite?.slice(0, LONGEST.name),
  };
}
