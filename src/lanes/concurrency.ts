import type { Happened } from './happened.js';
import type { Held } from './held.js';

/**
 * What a lane does with a run that finds it full: `queue` lets it wait behind the others, `keep-newest` lets it wait in the
 * place of those that wait, `cancel-running` also ends those that run, `reject` starts it never.
 */
export const ON_BUSY = ['queue', 'keep-newest', 'cancel-running', 'reject'] as const;

/** What a lane does with a run that finds it full. */
export type OnBusy = (typeof ON_BUSY)[number];

/** Whose runs share a lane: one automation's in one repository, all of a repository, or all that name the group. */
export const LANE_SCOPES = ['automation', 'repository', 'everywhere'] as const;

/** Whose runs share a lane. */
export type LaneScope = (typeof LANE_SCOPES)[number];

/** The groups that are words; any other is a template of event fields. */
export const GROUP_WORDS = ['pull-request', 'branch', 'repository'] as const;

/** Runs at once where an automation does not say how many. */
export const DEFAULT_LIMIT = 1;

/** The most runs at once that a lane may have. */
export const MAX_LIMIT = 1_000;

/** The priority of a lane's runs where an automation does not say it. */
export const DEFAULT_PRIORITY = 3;

/** How many runs of a group there are at once, and what becomes of the others. */
export interface Concurrency {
  /**
   * What one lane is for: `'pull-request'`, `'branch'` (of a pull request: the pull request), `'repository'`, or a text in which
   * `{…}` stands for a field of the event: `'deploy {branch}'`. An event that has not all of these fields is in no such lane.
   */
  readonly group: string;
  /** Runs at once; 1 by default, 1,000 at most. */
  readonly limit?: number;
  /** `queue` by default. */
  readonly onBusy?: OnBusy;
  /** `automation` by default. */
  readonly scope?: LaneScope;
  /** A run whose turn comes after a newer one has begun is superseded instead. */
  readonly skipOutdated?: boolean;
  /** From 1, which goes first, to 5; 3 by default. Runs of one priority go in the order in which their deliveries arrived. */
  readonly priority?: number;
}

/** The lane of one run, and its place there. Stored with the verdict, so its fields keep their names. */
export interface LaneClaim {
  /** Names the lane: made of ids. */
  readonly lane: string;
  /** Names it for people. */
  readonly title: string;
  /** As the automation declares it. */
  readonly group: string;
  readonly limit: number;
  readonly onBusy: OnBusy;
  /** Of the event, and in a lane over repositories also whose: only what is of one kind supersedes each other. */
  readonly kind: string;
  readonly priority: number;
  readonly skipOutdated?: true;
  /** What its event tells of that: which of two is the newer. */
  readonly happened?: Happened;
  /** It waits for more of the same before it asks for a slot. */
  readonly held?: Held;
  /** It has things to find out before it may take a slot, whether somebody may do this at all: until then it keeps its place. */
  readonly asks?: true;
}
