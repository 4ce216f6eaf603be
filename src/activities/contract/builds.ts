/** Activities that start builds elsewhere, wait for them and cancel them. */
export interface BuildActivities {
  triggerGithubRun(input: TriggerGithubRunInput): Promise<GithubRun>;
  awaitGithubRun(input: GithubRunRef): Promise<RemoteBuildOutcome>;
  cancelGithubRun(input: CancelGithubRunInput): Promise<void>;
  triggerHttpBuild(input: TriggerHttpBuildInput): Promise<HttpBuild>;
  awaitHttpBuild(input: HttpBuildRef): Promise<RemoteBuildOutcome>;
  cancelHttpBuild(input: CancelHttpBuildInput): Promise<void>;
  triggerCiBuild(input: TriggerCiBuildInput): Promise<CiBuild>;
  awaitCiBuild(input: AwaitCiBuildInput): Promise<RemoteBuildOutcome>;
  /**
   * Looks once; `null` while the build goes on. What it has `said` itself counts, unless it is made of another commit, or has ended
   * otherwise; `null` then while it goes on and its commit is not told.
   */
  lookAtCiBuild(input: LookAtCiBuildInput): Promise<RemoteBuildOutcome | null>;
  cancelCiBuild(input: CancelCiBuildInput): Promise<void>;
}

/** Which workflow of GitHub Actions is to run, and on what. */
export interface TriggerGithubRunInput {
  readonly source: string;
  readonly repository: string;
  /** File name (`release.yml`) or id of the workflow. */
  readonly workflow: string;
  /** Branch or tag that it runs on. */
  readonly ref: string;
  /** The commit that it should be of, where the branch or tag came with one. */
  readonly sha?: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** The run is found by this if the response is lost: put it in the workflow's `run-name`. */
  readonly correlationId: string;
}

/** A run of GitHub Actions, as its activities name it. */
export interface GithubRunRef {
  readonly source: string;
  readonly repository: string;
  /** A string: GitHub's run ids exceed 32 bits. */
  readonly runId: string;
  /** For messages. */
  readonly workflow?: string;
  /** The commit that it should be of. */
  readonly sha?: string;
}

/** A run of GitHub Actions that was triggered. */
export interface GithubRun extends GithubRunRef {
  readonly url?: string;
}

/** Which run is to be cancelled: one that is known, or what a dispatch may have left behind whose answer nobody has. */
export interface CancelGithubRunInput extends Omit<GithubRunRef, 'runId'>, Lost {
  readonly runId?: string;
  readonly correlationId?: string;
}

/** What may have been triggered, and nobody knows. */
interface Lost {
  /** Earliest time at which it can have been made, Unix ms. */
  readonly since?: number;
  /** One look has to do: the service has said why it makes none. */
  readonly once?: true;
}

/** How a build elsewhere has ended. */
export interface RemoteBuildOutcome {
  readonly outcome: 'passed' | 'failed' | 'cancelled';
  readonly passed: boolean;
  /** The build service's word for it: GitHub's `conclusion`, for example. */
  readonly conclusion: string;
  readonly url?: string;
}

/** Which build is to be triggered by HTTP, and with what. */
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

/** A build that was triggered by HTTP, as its activities name it. */
export interface HttpBuildRef {
  readonly build: string;
  readonly id?: string;
  /** Polled until it answers `{ "status": "passed" | "failed" | "cancelled" }`. */
  readonly statusUrl?: string;
  /** POSTed to when the run is cancelled. */
  readonly cancelUrl?: string;
}

/** Which build is to be cancelled: by its `cancelUrl`, or, where its answer named none or was lost, by its key. */
export interface CancelHttpBuildInput extends HttpBuildRef, Pick<Lost, 'once'> {
  readonly idempotencyKey?: string;
}

/** A build that was triggered by HTTP. */
export interface HttpBuild extends HttpBuildRef {
  /** The build's page. */
  readonly url?: string;
}

/** Which build of the configuration is to be made, and of what. */
export interface TriggerCiBuildInput {
  /** Name under `builds` in the configuration. */
  readonly build: string;
  readonly ref?: CiRef;
  /** The commit, where the branch or tag came with one. */
  readonly sha?: string;
  /** Whose commit that is, `owner/name`. */
  readonly repository?: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Same on every attempt: the build is found by this when an answer was lost. */
  readonly correlation: string;
  /** Name of the signal that the one-time callback URL sends to this run. */
  readonly callbackSignal: string;
  /** How long the callback URL is valid, in milliseconds. */
  readonly validForMs: number;
}

/** A branch or a tag that a build is made of. */
export interface CiRef {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
}

/** A build in a CI service. */
export interface CiBuild {
  readonly build: string;
  /** The service's name of it. */
  readonly id: string;
  readonly correlation: string;
  /** The commit that it should be made of. */
  readonly sha?: string;
  /** Whose commit that is, `owner/name`. */
  readonly repository?: string;
  /** The build's page, where the service has named it. */
  readonly url?: string;
  /** Whether it was given a callback URL. */
  readonly calls?: true;
}

/** Which build is looked at. */
export interface LookAtCiBuildInput extends CiBuild {
  /** What it has said of its end by its callback URL. */
  readonly said?: RemoteBuildOutcome;
}

/** Which build's end is waited for. */
export interface AwaitCiBuildInput {
  readonly of: CiBuild;
  /** Something else tells of its end too, so that it is asked for rarely. */
  readonly told?: true;
}

/** Which build is to be cancelled: one that is known, or what a trigger may have left behind whose answer nobody has. */
export interface CancelCiBuildInput extends Pick<TriggerCiBuildInput, 'build' | 'correlation' | 'ref'>, Lost {
  readonly id?: string;
}
