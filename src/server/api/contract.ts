import type { RunOutcome } from '../../events/event.js';
import type { GivenApproval } from '../../runs/approval.js';
import type { EndedApproval } from '../../runs/approval-records.js';
import type { FlakyTest } from '../../runs/flaky-records.js';
import type { WAITING_FOR } from '../../runs/search-attributes.js';
import type {
  DeliveryMeaning,
  DeliveryRecord,
  DispatchRecord,
  LaneMode,
  LaneRecord,
  LogLine,
  WaitRecord,
} from '../../store/store.js';

/*
 * What the server answers, in JSON: the handlers return these types and the command line reads them. Paths are relative
 * to the server's address. An error is answered with another status than 2xx, and a body of the type ErrorAnswer.
 */

/** Any answer but 2xx. */
export interface ErrorAnswer {
  readonly error: string;
  /** With 409 where a delivery was asked for by a name that several have: those, newest first, a few at most. */
  readonly meanings?: readonly DeliveryMeaning[];
  /** With 409 where a run was asked for by a name that several have: their workflow ids, a few at most. */
  readonly runs?: readonly string[];
}

/** `POST /webhooks/<source>`, 202. A repeat is answered with what the first delivery was. */
export interface DeliveryAnswer {
  /** Our id. */
  readonly delivery: string;
  readonly duplicate?: true;
  /** What a duplicate has in common with the first delivery. */
  readonly repeats?: 'key' | 'body' | 'event';
  /** The events, in words. */
  readonly event?: string;
  /** Why nothing was started. */
  readonly ignored?: string;
  /** That not all refs of a push were read, in words. */
  readonly leftOut?: string;
  /** All of them, or only those that start something where very many were filtered. */
  readonly verdicts: readonly AnsweredVerdict[];
  /** How many verdicts were filtered, where they are left out. */
  readonly filtered?: number;
  /** Workflow ids. */
  readonly runs: readonly string[];
}

/** A verdict as the sender reads it. */
export interface AnsweredVerdict {
  readonly automation: string;
  readonly outcome: 'start' | 'skip' | 'filtered';
  readonly because: string;
  /** Workflow id. */
  readonly run?: string;
}

/** `GET /readyz`, with 200 or 503. */
export interface ReadinessAnswer {
  readonly ready: boolean;
  /** `away`: it does not answer, or can't write. `damaged`: it takes nothing more until people have seen to it. */
  readonly store: 'answers' | 'away' | 'damaged';
  readonly temporal: 'answers' | 'away';
  /** Whether the worker process of `hookyard start` runs; absent for a receiver that has none of its own. */
  readonly worker?: 'runs' | 'starting' | 'away';
  /** Since when it is so, as ISO 8601. */
  readonly workerSince?: string;
  /** There while it is slow: it does one thing after the other for a while, since one before it died of its work. */
  readonly workerCareful?: boolean;
  /** Starts and signals that wait for Temporal; absent where they can't be counted in time. */
  readonly waiting?: number;
  /** Starts that failed for good. */
  readonly failed?: number;
}

/** `GET /api/deliveries`: a page, newest first. */
export interface DeliveriesAnswer {
  readonly deliveries: readonly DeliveryRecord[];
  /** The `before` of the next page (Unix ms); absent on the last one. */
  readonly next?: number;
  /**
   * How many deliveries of the source that was asked for this server has refused for its limit, and when the last one
   * (Unix ms); absent if none within the last hour.
   */
  readonly limited?: { readonly count: number; readonly last: number };
}

/** `GET /api/deliveries/<our id, a beginning of it, or the provider's>?source=<name>` */
export interface ShownDelivery extends DeliveryRecord {
  /** How deliveries of its source are verified, where the source is still configured. */
  readonly verifiedBy?: string;
  readonly dispatches: readonly ShownDispatch[];
}

/** What a delivery asked to start, with the state of its run. */
export interface ShownDispatch extends DispatchRecord {
  readonly run: RunState;
}

/** `POST /api/deliveries/<as above>/replay?source=<name>&automation=<name>` */
export interface ReplayAnswer {
  /** Our id of the delivery. */
  readonly delivery: string;
  /** Workflow ids of the new runs. */
  readonly runs: readonly string[];
}

/** `GET /api/runs?id=<workflow id>` */
export interface RunState {
  readonly status: RunStatus;
  /** What the run returned, once it has completed, or a build of it has failed. */
  readonly result?: unknown;
  /** Of the result, if it has one: whether its builds passed. */
  readonly outcome?: string;
  /** Why it has the outcome that its author has set. */
  readonly because?: string;
  /** Of the result: what went wrong although the run completed, a commit status that was refused for example. */
  readonly troubles?: readonly string[];
  /**
   * Why it failed, was cancelled, was set aside, or can't go on. Where a build did not pass, it has the last lines of its output
   * on lines of their own.
   */
  readonly error?: string;
  /** The commit from a fork that it waits with, until somebody approves it. */
  readonly waitsForApproval?: string;
  /** The approvals that it has asked for, the oldest first. */
  readonly approvals?: readonly ShownApproval[];
  /** Why it waits for what is away, a Git provider for example. */
  readonly waitsForAway?: string;
  /** What it has begun, that failed, and that is tried again. */
  readonly retried?: readonly RetriedActivity[];
  /** Runs that it has started, children and those that follow it in a chain, and theirs. Only where one run is asked for. */
  readonly ledTo?: readonly LedToRun[];
  /** Events that it waits for, and those that end it, while it is open. */
  readonly waitsFor?: readonly ShownWait[];
  /** Its page in the Temporal UI. */
  readonly url?: string;
}

/** A part of a run's work that failed, and is tried again. */
export interface RetriedActivity {
  /** Its name. */
  readonly activity: string;
  /** That have failed. */
  readonly attempts: number;
  /** Of the last one. */
  readonly error: string;
  /** When it is tried again, as ISO 8601; absent while it is. */
  readonly next?: string;
}

/** A run that another has started. */
export interface LedToRun extends Pick<ListedRun, 'run' | 'automation' | 'status' | 'outcome'> {
  /** The workflow id of the run that has started it. */
  readonly by: string;
}

/** What an open run waits for. */
export interface ShownWait extends Pick<WaitRecord, 'title' | 'since' | 'ends'> {
  /** Unix ms; absent where the event would end the run. */
  readonly until?: number;
}

/**
 * `waiting`: not started yet. `superseded`, `refused`: by its lane, so that it never begins. `failed to start`: Temporal refused it for good. `forgotten`: Temporal had it and keeps it no
 * longer. `unknown`: Temporal did not answer in time.
 */
export type RunStatus =
  | 'waiting'
  | 'running'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'terminated'
  | 'timed out'
  | 'failed to start'
  | 'superseded'
  | 'refused'
  | 'forgotten'
  | 'unknown';

/** `GET /api/runs/list`: a page of runs. First those that are open, newest first, then the others by their end. */
export interface RunsAnswer {
  readonly runs: readonly ListedRun[];
  /** The `page` of the next page; absent on the last one. */
  readonly next?: string;
}

/** A run as it is listed. */
export interface ListedRun {
  /** Its workflow id. */
  readonly run: string;
  /** Temporal's id of it. */
  readonly runId: string;
  readonly automation: string;
  readonly status: RunStatus;
  /** How it has ended; absent of one that is open, and of one that completed under a version which did not tell. */
  readonly outcome?: RunOutcome;
  /** What it waits for, before its own work begins. */
  readonly waitsFor?: (typeof WAITING_FOR)[number];
  readonly repository?: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly pullRequest?: number;
  readonly source?: string;
  /** Our id of the delivery. */
  readonly delivery?: string;
  /** ISO 8601, as `endedAt`. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Its page in the Temporal UI. */
  readonly url?: string;
}

/** `GET /api/runs/named?name=<workflow id, a beginning of it, a delivery, or latest [automation]>` */
export interface NamedRunAnswer {
  /** Its workflow id. */
  readonly run: string;
}

/** `POST /api/runs/cancel`: what this call has cancelled, or would. */
export interface CancelAnswer {
  /** Workflow ids. */
  readonly runs: readonly string[];
  /** Those that could not be cancelled, and why not, or why it is not known which others there are: to be asked for again. */
  readonly failed?: readonly string[];
  readonly because?: string;
  /** The `page` of the next call; absent when there are no more. */
  readonly next?: string;
}

/** `POST /api/runs/rerun?name=<as above>` */
export interface RerunAnswer {
  /** Workflow id of the new run. */
  readonly run: string;
  /** Workflow id of the run that it repeats. */
  readonly rerunOf: string;
  /** Our id of the delivery. */
  readonly delivery: string;
}

/** `GET /api/runs/stuck` */
export interface StuckRunsAnswer {
  readonly runs: readonly StuckRun[];
  /** False if there are more runs than were looked at. */
  readonly complete: boolean;
}

/** A run that does not go on by itself, and why. */
export interface StuckRun {
  /** Its workflow id. */
  readonly run: string;
  readonly automation: string;
  /** When it was started, as ISO 8601. */
  readonly since: string;
  readonly because: string;
  /** What a person can do. */
  readonly helps: string;
  /** Its page in the Temporal UI. */
  readonly url?: string;
}

/**
 * `POST /api/runs/approve?id=<workflow id>&sha=<commit>` and `POST /api/runs/reject`, with `{ "name": …, "by": …, "why": … }` as JSON if
 * there is more to say. The run decides whether it counts, and when.
 */
export interface ApprovalAnswer {
  /** Workflow id. */
  readonly run: string;
  /** The commit; where the run has none, the approval's name. */
  readonly approved?: string;
  readonly rejected?: string;
  /** The approval's name; absent for code from a fork. */
  readonly name?: string;
}

/** An approval that a run has asked for. */
export interface ShownApproval {
  readonly name: string;
  readonly state: 'open' | EndedApproval['state'];
  /** Who may approve, in words. */
  readonly by: string;
  readonly quorum: number;
  readonly sha?: string;
  /** ISO 8601. */
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly endedAt?: string;
  readonly given: readonly GivenApproval[];
  /** Who rejected it and why, or what made it void. */
  readonly because?: string;
}

/** `GET /api/tests/flaky?repository=&limit=`: those that were flaky last come first. */
export interface FlakyTestsAnswer {
  readonly tests: readonly FlakyTest[];
  /** There are more than were asked for. */
  readonly more?: true;
}

/** `GET /api/lanes?named=<part of a title>&limit=&after=`: a page, by title. */
export interface LanesAnswer {
  readonly lanes: readonly LaneRecord[];
  /** The `after` of the next page; absent on the last one. */
  readonly next?: string;
}

/** `POST /api/lanes/mode` */
export interface LaneChangeAnswer {
  readonly lane: string;
  readonly title: string;
  readonly mode: LaneMode;
  /** Nobody was in it yet: it is so once the first enters. */
  readonly ahead?: true;
}

/** `POST /api/lanes/move` */
export interface LaneMoveAnswer {
  /** Workflow id of the run that is the next now. */
  readonly run: string;
}

/** `POST /api/automations/<name>/runs` */
export interface ManualRunAnswer {
  /** Our id of the delivery that the run is stored as. */
  readonly delivery: string;
  /** Workflow id. */
  readonly run: string;
  /** The run was asked for before, by the same id. */
  readonly duplicate?: true;
}

/** `POST /api/reconcile` */
export interface ReconcileAnswer {
  /** One for each source. */
  readonly runs: readonly ReconcileRun[];
}

/** A run that looks for missed deliveries of a source. */
export interface ReconcileRun {
  readonly source: string;
  /** Workflow id. */
  readonly run: string;
  /** It was asked for before and has not ended. */
  readonly underWay?: true;
}

/** `GET /api/logs` */
export interface LogsAnswer {
  /** Names of the run's jobs that have written anything. */
  readonly jobs: readonly string[];
  /** Lines of the job that was asked for. */
  readonly lines: readonly LogLine[];
}

/** `POST /api/forget`: what was removed by this call, or would be. */
export interface ForgetAnswer {
  readonly counts: ForgetCounts;
  /** Our whole id of the delivery, where one was named. */
  readonly delivery?: string;
  /** The `from` of the next call; absent when all is done. */
  readonly next?: unknown;
}

/** What there was to forget. */
export interface ForgetCounts {
  deliveries: number;
  bodyBytes: number;
  /** Deliveries that are left because a run of theirs has not ended. */
  waiting: number;
  /** Lines of jobs' output. */
  lines: number;
  /** Tries of outbound messages. */
  attempts: number;
  /** Synced records, and what Hookyard remembers. */
  records: number;
  /** Runs in Temporal, with their histories. */
  runs: number;
  /** Runs in Temporal that have not ended, and are left. */
  open: number;
}
