import type { Project } from '../../config/project.js';
import type {
  ApprovalAnswer,
  ArtifactsAnswer,
  AutomationsAnswer,
  CachesAnswer,
  CancelAnswer,
  ClearCachesAnswer,
  DeliveriesAnswer,
  EditAnswer,
  EditableAnswer,
  FeedAddresses,
  FlakyTestsAnswer,
  ForgetAnswer,
  KeptJobsAnswer,
  LaneChangeAnswer,
  LaneMoveAnswer,
  LanesAnswer,
  ListedArtifact,
  LogSearchAnswer,
  LogsAnswer,
  ManualRunAnswer,
  NamedRunAnswer,
  OperatorActsAnswer,
  OverviewAnswer,
  ReconcileAnswer,
  ReplayAnswer,
  RerunAnswer,
  ResendMessageAnswer,
  RetryMessageAnswer,
  RunState,
  RunsAnswer,
  ShownDelivery,
  StartEditedAnswer,
  StuckRunsAnswer,
  WholeRunAnswer,
} from '../../server/api/contract.js';
import type { ASKED_OUTCOMES, ASKED_WAITING } from '../../server/api/runs-query.js';
import type { DeliveryState } from '../../server/api/search-deliveries.js';
import type { LaneMode, Signed } from '../../store/store.js';

/**
 * The operator API of a server, a function for each route. All throw {@link UserError} when the server is away or refuses,
 * and, unless they return undefined for it, when it does not know what was named.
 */
export interface Api {
  readonly url: string;
  /** The project that the server was found by. Undefined where address and token were given: then none is read. */
  readonly project: Project | undefined;
  /** What is broken, runs and waits. */
  overview(): Promise<OverviewAnswer>;
  /** What operators have done, the latest first. */
  acts(query: { readonly limit: number }): Promise<OperatorActsAnswer>;
  deliveries(query: DeliveriesQuery): Promise<DeliveriesAnswer>;
  /** `diff`: with how it differs from the one before. */
  delivery(
    id: string,
    query?: { readonly source?: string | undefined; readonly diff?: boolean },
  ): Promise<ShownDelivery>;
  replay(
    delivery: string,
    query: { readonly source?: string | undefined; readonly automation?: string | undefined },
  ): Promise<ReplayAnswer>;
  /** What of a delivery can be edited. */
  editable(delivery: string, query: { readonly source?: string | undefined }): Promise<EditableAnswer>;
  /** What would become of an edited payload. */
  explainEdited(delivery: string, edit: Edit): Promise<EditAnswer>;
  /** Starts it as a delivery of its own. */
  startEdited(delivery: string, edit: Edit): Promise<StartEditedAnswer>;
  /** Undefined for a run that the server does not know, or not yet. `all`: also what it has led to. */
  run(workflowId: string, query?: { readonly all?: boolean }): Promise<RunState | undefined>;
  /** All that is known of the run that a name means, with what it has done; undefined if the server knows none. */
  wholeRun(name: string): Promise<WholeRunAnswer | undefined>;
  /** A page of runs. */
  runs(query: RunsQuery): Promise<RunsAnswer>;
  /** Returns the run that a name means, and the name itself where the server knows none. `command`: who asks. */
  namedRun(name: string, command: string): Promise<NamedRunAnswer>;
  /** Cancels a run, or a page of runs, or tells which. */
  cancel(query: CancelQuery): Promise<CancelAnswer>;
  /** `fromFailed`: with the steps that did not pass. */
  rerun(name: string, how?: { readonly fromFailed?: boolean | undefined }): Promise<RerunAnswer>;
  /** The jobs of a run that failed, and where their workspaces are kept. */
  keptJobs(workflowId: string): Promise<KeptJobsAnswer>;
  stuckRuns(): Promise<StuckRunsAnswer>;
  /** Approves or rejects what a run waits for. */
  answerApproval(workflowId: string, answer: AnswerQuery): Promise<ApprovalAnswer>;
  automations(): Promise<AutomationsAnswer>;
  /** Where other programs read how an automation does. */
  feeds(query: FeedsQuery): Promise<FeedAddresses>;
  startRun(automation: string, body: { readonly inputs: object; readonly id?: string }): Promise<ManualRunAnswer>;
  reconcile(body: { readonly since: string; readonly source?: string }): Promise<ReconcileAnswer>;
  lanes(query: { readonly named?: string | undefined; readonly limit: number }): Promise<LanesAnswer>;
  changeLane(
    change: Signed & { readonly lane: string; readonly mode: LaneMode; readonly ahead?: boolean },
  ): Promise<LaneChangeAnswer>;
  moveInLane(move: Signed & { readonly run: string }): Promise<LaneMoveAnswer>;
  /** Has a message sent at once that waits for its next try. */
  retryMessage(body: { readonly message: string; readonly endpoint?: string }): Promise<RetryMessageAnswer>;
  /** What a run has kept. */
  artifacts(workflowId: string): Promise<ArtifactsAnswer>;
  /** The content of an artifact, as it comes. */
  artifact(workflowId: string, artifact: Pick<ListedArtifact, 'name' | 'bytes'>): Promise<ReadableStream<Uint8Array>>;
  /** A page of what jobs have cached. */
  caches(query: CachesQuery & { readonly after?: string | undefined }): Promise<CachesAnswer>;
  /** Removes a page of it. */
  clearCaches(body: CachesQuery & { readonly all?: true; readonly after?: string }): Promise<ClearCachesAnswer>;
  /** Sends a message anew that was given up. */
  resendMessage(body: { readonly message: string; readonly endpoint?: string }): Promise<ResendMessageAnswer>;
  flakyTests(query: { readonly repository?: string | undefined; readonly limit: number }): Promise<FlakyTestsAnswer>;
  logs(query: LogsQuery): Promise<LogsAnswer>;
  /** Looks for a text in a job's output, a part of it at a time. */
  searchLog(query: LogSearchQuery): Promise<LogSearchAnswer>;
  /** Removes a slice of what is meant, or counts it. */
  forget(query: ForgetQuery): Promise<ForgetAnswer>;
}

/** An edited payload. */
export interface Edit {
  readonly source?: string | undefined;
  readonly payload: string;
}

/** Which deliveries to list, and how many. */
export interface DeliveriesQuery {
  readonly limit: number | string;
  readonly source?: string | undefined;
  readonly failed?: boolean | undefined;
  readonly repository?: string | undefined;
  readonly event?: string | undefined;
  readonly automation?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly text?: string | undefined;
  /** Unix ms. */
  readonly since?: number | undefined;
  /** Unix ms. */
  readonly until?: number | undefined;
}

/** What of all that jobs have cached. */
export interface CachesQuery {
  readonly source?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly key?: string;
}

/** Which runs to list, and how many. */
export interface RunsQuery {
  readonly limit: number;
  readonly repository?: string;
  readonly branch?: string;
  readonly pullRequest?: number;
  readonly automation?: string;
  readonly outcome?: (typeof ASKED_OUTCOMES)[number];
  /** Unix ms. */
  readonly since?: number;
  /** Unix ms. */
  readonly endedSince?: number;
  readonly waiting?: (typeof ASKED_WAITING)[number];
  /** The `next` of the page before. */
  readonly page?: string;
}

/** Of which runs the addresses tell. */
export interface FeedsQuery {
  readonly automation: string;
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
}

/** Which runs are to be cancelled: one, or the open ones of a branch or an automation. */
export interface CancelQuery {
  /** Who cancels them. */
  readonly by: string;
  readonly run?: string | undefined;
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
  readonly automation?: string | undefined;
  readonly dryRun?: boolean;
  /** The `next` of the call before. */
  readonly page?: string;
}

/** An answer to what a run waits for. */
export interface AnswerQuery {
  readonly command: 'approve' | 'reject';
  /** Only if this is the commit, by the beginning of its name. */
  readonly sha?: string | undefined;
  readonly body: { readonly by: string; readonly name?: string; readonly why?: string };
}

/** What is to be forgotten; at least one is named. */
export interface ForgetQuery {
  readonly repository?: string | undefined;
  readonly source?: string | undefined;
  readonly delivery?: string | undefined;
  readonly dryRun?: boolean;
  /** The `next` of the call before. */
  readonly from?: unknown;
}

/** Which lines of a run's output to read. */
export interface LogsQuery {
  /** Workflow id. */
  readonly run: string;
  readonly job?: string;
  /** Number of the last line that is known. */
  readonly after?: number;
  readonly limit?: number;
}

/** What is looked for in a job's output. */
export interface LogSearchQuery {
  /** Workflow id. */
  readonly run: string;
  readonly job: string;
  readonly text: string;
  /** The line that is looked at first. */
  readonly from?: number | undefined;
  readonly limit?: number;
}
