import type { PullRequest } from '../events/event.js';

/**
 * What workflows may ask of activities: the one file that the two sides share. Each activity takes one object,
 * returns something small, and may run twice. Whoever implements them holds the credentials; a workflow only names them.
 *
 * A type alias and not a class of errors: failures cross Temporal as `ApplicationFailure` with one of these types.
 */
export type FailureType =
  /** A person must change the configuration: a name that is not configured, a credential that is refused. */
  | 'NotConfigured'
  /** The other side said no for good. */
  | 'Refused'
  /** What was asked for is not there: a commit that was force-pushed away, for example. */
  | 'Gone'
  /** The address leads somewhere private and the configuration does not allow it. */
  | 'PrivateAddress';

export interface Activities {
  runJob(input: RunJobInput): Promise<JobResult>;
  reportStatus(input: StatusInput): Promise<StatusResult>;
  triggerGithubRun(input: TriggerGithubRunInput): Promise<GithubRun>;
  awaitGithubRun(input: GithubRunRef): Promise<RemoteBuildOutcome>;
  cancelGithubRun(input: GithubRunRef): Promise<void>;
  triggerHttpBuild(input: TriggerHttpBuildInput): Promise<HttpBuild>;
  awaitHttpBuild(input: HttpBuildRef): Promise<RemoteBuildOutcome>;
  cancelHttpBuild(input: HttpBuildRef): Promise<void>;
  notifySlack(input: SlackMessage): Promise<void>;
  notifyEmail(input: EmailMessage): Promise<void>;
  notifySms(input: SmsMessage): Promise<void>;
  sendWebhook(input: OutboundMessage): Promise<OutboundResult>;
  upsertRecord(input: RecordInput): Promise<RecordResult>;
  mirrorRepository(input: MirrorInput): Promise<MirrorResult>;
  resolveCommit(input: ResolveCommitInput): Promise<{ readonly sha?: string }>;
  findChangedFiles(input: ChangedFilesInput): Promise<ChangedFilesResult>;
  checkPermission(input: PermissionInput): Promise<PermissionResult>;
  react(input: ReactionInput): Promise<void>;
  writeComment(input: CommentInput): Promise<CommentResult>;
  readPullRequest(input: PullRequestRef): Promise<PullRequest>;
  openApproval(input: OpenApprovalInput): Promise<{ readonly by?: string; readonly superseded?: string }>;
  noteApproval(input: OpenApprovalInput & { readonly by: string }): Promise<void>;
  approveRuns(input: ApproveInput): Promise<ApproveResult>;
  findRuns(input: FindRunsInput): Promise<{ readonly runs: readonly FoundRun[] }>;
  cancelRuns(input: FindRunsInput): Promise<{ readonly cancelled: readonly string[] }>;
  readBody(input: ReadBodyInput): Promise<{ readonly value?: unknown }>;
  findBranchHead(input: BranchHeadInput): Promise<{ readonly sha: string }>;
  findReconcileTargets(input: { readonly source: string }): Promise<ReconcileTargets>;
  reconcilePage(input: ReconcilePageInput): Promise<ReconcilePageResult>;
  sweepRepository(input: SweepInput): Promise<SweepResult>;
}

// ── Build ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface RunJobInput {
  readonly name: string;
  readonly checkout: Checkout;
  readonly steps: readonly JobStep[];
  /** Values, or the names of configured secrets. */
  readonly env: Readonly<Record<string, string | SecretName>>;
  /** For the whole job, checkout included, in milliseconds. */
  readonly timeoutMs: number;
  /** Commit-status context, for example `hookyard/ci`. The activity reports `pending` under it when it begins. */
  readonly context: string;
}

export interface Checkout {
  readonly source: string;
  /** `owner/name` */
  readonly repository: string;
  readonly sha: string;
  /** Tells git where to look for the commit: `refs/heads/main`, `refs/pull/7/head`. */
  readonly ref?: string;
}

export interface JobStep {
  readonly name: string;
  /** A shell command line, written by the automation's author. Event data belongs in `env`, never in here. */
  readonly run: string;
}

/** A reference to `secrets.<name>` of the configuration. */
export interface SecretName {
  readonly secret: string;
}

export interface JobResult {
  readonly outcome: 'passed' | 'failed' | 'timed_out';
  /** `outcome === 'passed'` */
  readonly passed: boolean;
  readonly steps: readonly StepResult[];
  readonly durationMs: number;
  /** The last lines of output, 4 kB at most, secrets masked. All of it: `hookyard logs <run>`. */
  readonly tail: string;
  /** Which attempt of the activity this is: above 1, an earlier worker was lost. */
  readonly attempt: number;
  /** The run's page in the Temporal UI. */
  readonly url: string;
}

export interface StepResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'timed_out' | 'skipped';
  readonly exitCode?: number;
  readonly durationMs: number;
}

// ── Report ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface StatusInput {
  readonly source: string;
  readonly repository: string;
  readonly sha: string;
  /**
   * GitHub's four states, and `skipped`, which lets a merge go on. `error`: not the code's fault: cancelled, timed out, or
   * failed by us.
   */
  readonly state: 'pending' | 'success' | 'failure' | 'error' | 'skipped';
  readonly context: string;
  /** Cut to the provider's limit (GitHub: 140 characters). */
  readonly description: string;
  /** Default: the run's page. */
  readonly targetUrl?: string;
}

/** `reported: false` when the source has no API credentials: nothing to do, with the reason. */
export type StatusResult = { readonly reported: true } | { readonly reported: false; readonly because: string };

// ── Remote build ─────────────────────────────────────────────────────────────────────────────────────────────────

export interface TriggerGithubRunInput {
  readonly source: string;
  readonly repository: string;
  /** File name (`release.yml`) or id of the workflow. */
  readonly workflow: string;
  /** Branch or tag that it runs on. */
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Found again by this if the answer is lost: put it in the workflow's `run-name`. */
  readonly correlationId: string;
}

export interface GithubRunRef {
  readonly source: string;
  readonly repository: string;
  /** A string: GitHub's run ids exceed 32 bits. */
  readonly runId: string;
}

export interface GithubRun extends GithubRunRef {
  readonly url: string;
}

export interface RemoteBuildOutcome {
  readonly outcome: 'passed' | 'failed' | 'cancelled';
  readonly passed: boolean;
  /** The other side's word for it: GitHub's `conclusion`, for example. */
  readonly conclusion: string;
  readonly url?: string;
}

export interface TriggerHttpBuildInput {
  /** Name under `builds` in the configuration. */
  readonly build: string;
  /** JSON, sent as `params`. */
  readonly params: unknown;
  /** Same on every attempt: sent as `Idempotency-Key`. */
  readonly idempotencyKey: string;
  /** Name of the signal that the one-time callback URL sends to this run. */
  readonly callbackSignal: string;
  /** How long the callback URL is valid, in milliseconds. */
  readonly validForMs: number;
}

export interface HttpBuildRef {
  readonly build: string;
  readonly id?: string;
  /** Polled until it answers `{ "status": "passed" | "failed" | "cancelled" }`. */
  readonly statusUrl?: string;
  /** POSTed to when the run is cancelled. */
  readonly cancelUrl?: string;
}

export interface HttpBuild extends HttpBuildRef {
  /** The build's page. */
  readonly url?: string;
}

// ── Notify ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface SlackMessage {
  /** Name under `channels.slack`. */
  readonly channel: string;
  readonly text: string;
}

export interface EmailMessage {
  /** Name under `channels.email`. */
  readonly channel: string;
  readonly subject: string;
  readonly text: string;
  /** Same on every attempt: becomes the `Message-ID`, so a mail server can see a repeat. */
  readonly id: string;
}

export interface SmsMessage {
  /** Name under `channels.sms`. */
  readonly channel: string;
  readonly text: string;
}

// ── Outbound webhook ─────────────────────────────────────────────────────────────────────────────────────────────

export interface OutboundMessage {
  /** Name under `endpoints`. */
  readonly endpoint: string;
  /** `webhook-id`: the same on every attempt. */
  readonly id: string;
  /** `push.built`, for example: dots separate, as in Standard Webhooks. */
  readonly type: string;
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  readonly data: unknown;
}

export interface OutboundResult {
  /** HTTP status of the attempt that was accepted. */
  readonly status: number;
  readonly attempts: number;
}

// ── Sync ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface RecordInput {
  readonly collection: string;
  readonly key: string;
  readonly version: number | string;
  readonly data: unknown;
}

export interface RecordResult {
  readonly outcome: 'written' | 'unchanged' | 'older';
}

export interface MirrorInput {
  readonly source: string;
  readonly repository: string;
  /** Name under `mirrors`. */
  readonly target: string;
}

export interface MirrorResult {
  /** Refs that the target did not have, or had elsewhere. */
  readonly updated: number;
}

// ── Ask the provider ─────────────────────────────────────────────────────────────────────────────────────────────

export interface ResolveCommitInput {
  readonly source: string;
  readonly repository: string;
  /** The beginning of a commit's name, or a branch. */
  readonly name: string;
}

export interface ChangedFilesInput {
  readonly source: string;
  readonly repository: string;
  /** Absent where there is nothing to compare with: a new branch, a force push. */
  readonly range?:
    | { readonly kind: 'pull_request'; readonly number: number }
    | { readonly kind: 'push'; readonly before: string; readonly after: string }
    | undefined;
  /** The path filters that want to know. */
  readonly paths: readonly (readonly string[])[];
}

/** For each of `paths` a changed file that it includes; not the files themselves, which may be thousands. */
export type ChangedFilesResult =
  | { readonly known: true; readonly count: number; readonly hits: readonly (string | null)[] }
  | { readonly known: false; readonly because: string };

export interface PermissionInput {
  readonly source: string;
  readonly repository: string;
  readonly login: string;
  readonly id?: string;
  readonly atLeast: 'read' | 'write' | 'admin';
}

export interface PermissionResult {
  readonly allowed: boolean;
  readonly because: string;
}

export interface PullRequestRef {
  readonly source: string;
  readonly repository: string;
  readonly number: number;
}

export interface ReactionInput extends PullRequestRef {
  readonly commentId: string;
  readonly reaction: 'eyes' | 'rocket' | '+1' | '-1' | 'confused';
}

export interface CommentInput extends PullRequestRef {
  /** Markdown. Text from payloads must have gone through `plain`. */
  readonly body: string;
  /** Makes it the one comment of this name on the pull request: it is edited when its text changes. */
  readonly sticky?: string;
}

/** `written: false` when the source has no API credentials or its provider no such thing, with the reason. */
export type CommentResult =
  | { readonly written: true; readonly outcome: 'created' | 'updated' | 'unchanged'; readonly url?: string }
  | { readonly written: false; readonly because: string };

// ── Runs of a pull request ───────────────────────────────────────────────────────────────────────────────────────

/** A stranger's code was looked at. */
export interface Approval {
  readonly sha: string;
  readonly by: string;
}

/** A newer commit of the same pull request waits. */
export interface Superseded {
  readonly sha: string;
}

export interface OpenApprovalInput extends PullRequestRef {
  /** Of the repository, which keeps it when it is renamed. */
  readonly repositoryId: string;
  readonly automation: string;
  readonly sha: string;
  /** ISO 8601, UTC: orders the commits of one pull request. */
  readonly since: string;
}

export interface ApproveInput extends PullRequestRef {
  readonly repositoryId: string;
  /** Default: all that wait. */
  readonly automation?: string | undefined;
  /** A beginning of the commit's name. Default: the head, if it had been there for a while. */
  readonly sha?: string | undefined;
  /** When the approval was written, ISO 8601: what came later was not seen by whoever approves. */
  readonly writtenAt: string;
  readonly by: string;
}

export interface ApproveResult {
  /** `too new`: whoever wrote it may not have seen this commit. */
  readonly answer: 'approved' | 'too new' | 'none';
  readonly sha?: string;
}

export interface FindRunsInput extends PullRequestRef {
  readonly automation?: string | undefined;
  /** Only of this commit. */
  readonly sha?: string | undefined;
}

export interface FoundRun {
  readonly automation: string;
  readonly workflowId: string;
  readonly open: boolean;
  /** Of a run that ended. */
  readonly passed?: boolean;
}

export interface ReadBodyInput {
  readonly deliveryId: string;
  /** JSON pointer (RFC 6901); empty for all of it. */
  readonly pointer: string;
}

export interface BranchHeadInput {
  readonly source: string;
  readonly repository: string;
  readonly branch: string;
}

// ── Reconcile ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where missed deliveries of a source are looked for. */
export type ReconcileTarget =
  /** Hooks above repositories: the app's own, the organisation's subscriptions. */
  | { readonly kind: 'own' }
  | { readonly kind: 'organisation' | 'repository'; readonly name: string }
  /** What stands where in a repository, of a provider that keeps no list of deliveries. */
  | { readonly kind: 'state'; readonly name: string };

export interface ReconcileTargets {
  readonly targets: readonly ReconcileTarget[];
  /** How long a change may wait for its own delivery, in milliseconds. */
  readonly settleMs: number;
  /** Why there are none. */
  readonly because?: string;
}

export interface ReconcilePageInput {
  readonly source: string;
  readonly target: Exclude<ReconcileTarget, { kind: 'state' }>;
  /** ISO 8601. Default: where the last look at this target ended. */
  readonly since?: string | undefined;
  /** The `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** What was found: of deliveries, or of heads of branches and pull requests. */
export interface ReconcileCounts {
  readonly seen: number;
  /** The inbox has them not, and nobody answered them with 2xx. */
  readonly missing: number;
  /** The provider was asked to send them again. */
  readonly redelivered: number;
  /** They were put into the inbox from what the provider tells. */
  readonly taken: number;
  /** The provider, or what it tells, said no. */
  readonly refused: number;
}

export interface ReconcilePageResult extends ReconcileCounts {
  /** Of a first page: how many hooks of the target lead here. */
  readonly hooks?: number;
  /** Absent when this was the last page. */
  readonly next?: string;
}

export interface SweepInput {
  readonly source: string;
  readonly repository: string;
  /** What was found missing a while ago. Only this is put into the inbox, if it is missing still. */
  readonly suspects?: readonly string[] | undefined;
}

export interface SweepResult extends ReconcileCounts {
  /** What seems to be missing: its delivery may still be on its way. */
  readonly suspects: readonly string[];
}
