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
  /** GitHub's four states. `error`: not the code's fault: cancelled, timed out, or failed by us. */
  readonly state: 'pending' | 'success' | 'failure' | 'error';
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
