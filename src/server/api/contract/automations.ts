import type { InputValue } from '../../../events/event.js';
import type { ListedRun } from './runs.js';

/** `GET /api/automations`: those that the server has loaded, by name. */
export interface AutomationsAnswer {
  readonly automations: readonly ShownAutomation[];
  /** Why nothing is known of their runs and Schedules. */
  readonly away?: string;
}

/** `GET /api/automations/<name>` */
export interface AutomationAnswer extends ShownAutomation {
  /** The last runs, the open ones first; absent where Temporal does not answer. */
  readonly runs?: readonly ListedRun[];
  /** As above. */
  readonly away?: string;
}

/** An automation: what starts it, and how its last runs went. */
export interface ShownAutomation {
  readonly name: string;
  /** Its module. */
  readonly file: string;
  /** What starts it, in words. */
  readonly triggers: readonly string[];
  /** What it is given when somebody starts it; absent where nobody can. */
  readonly inputs?: readonly ShownInput[];
  /** Absent where Temporal does not answer, or not in time. */
  readonly recent?: RunStatistics;
  /** When its `cron` triggers start it. */
  readonly schedules?: readonly ShownSchedule[];
}

/** An input of a `manual` trigger. */
export interface ShownInput {
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean' | 'choice';
  /** What can be chosen. */
  readonly choices?: readonly string[];
  readonly default?: InputValue;
  readonly optional?: true;
  readonly description?: string;
}

/** How an automation's last runs went: of the last 30 days, 100 at most. */
export interface RunStatistics {
  /** That have not ended. */
  readonly open: number;
  /** That have ended in what counts: passed, failed, or an error. */
  readonly counted: number;
  /** Of those, that passed. */
  readonly passed: number;
  /** How long those took from their start to their end, waits included, in milliseconds; absent if there are none. */
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  /** The one that ended last; absent if none has. */
  readonly last?: ListedRun;
}

/** A Schedule in Temporal. */
export interface ShownSchedule {
  readonly cron: string;
  readonly timezone?: string;
  /** The next times, as ISO 8601; none of one that is paused, or that no worker has made yet. */
  readonly next: readonly string[];
  readonly paused?: true;
}
