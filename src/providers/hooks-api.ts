/** The webhooks of a repository. */
export interface HooksApi {
  list(): Promise<readonly Hook[]>;
  /** `events` are the provider's own names, see {@link HooksApi.eventsFor}. */
  create(hook: HookToWrite): Promise<Hook>;
  update(id: string, hook: HookToWrite): Promise<Hook>;
  /** Has the provider send its test delivery. Absent for a provider that has none. */
  test?(id: string): Promise<void>;
  /** Returns whether the repository has commits, without which a test that is a push has nothing to tell of. */
  hasCommits?(): Promise<boolean>;
  /** Returns the last deliveries through a hook as the provider lists them, newest first, 30 at most. */
  deliveries?(id: string): Promise<readonly HookDelivery[]>;
  /** Returns the provider's names for what triggers listen to. */
  eventsFor(kinds: readonly HookEventKind[]): readonly string[];
  /** Returns the list that the provider keeps of a hook's deliveries. */
  log?(id: string): HookLog;
}

/** Hooks whose deliveries the provider keeps a list of. */
export interface HookLogs {
  list(): Promise<readonly Pick<Hook, 'id' | 'url' | 'dropping'>[]>;
  log(id: string): HookLog;
}

/** The list that a provider keeps of its deliveries through one hook. It can send one again, or shows what it held. */
export interface HookLog {
  /** How far back it goes, in days at most. */
  readonly days: number;
  /**
   * For how many hours the provider itself retries, so that an attempt may be listed as failed that late. Default: 1.
   */
  readonly triesHours?: number;
  /** How many redeliveries may be asked for within a minute, where the provider has a limit of its own. */
  readonly sendsPerMinute?: number;
  /** Reads a page of attempts, newest first. `cursor` is the `next` of the page before. */
  page(cursor?: string): Promise<AttemptsPage>;
  /** Has the provider send a delivery again, under the same key and signed. */
  sendAgain?(attempt: string): Promise<void>;
  /** Returns what a delivery held, as JSON. Undefined when the provider no longer has it. */
  content?(attempt: string): Promise<string | undefined>;
}

/** A page of a {@link HookLog}. */
export interface AttemptsPage {
  readonly attempts: readonly HookAttempt[];
  /** Absent on the last page. */
  readonly next?: string;
  /** Whether there are more that the provider's API can't list. */
  readonly cut?: boolean;
}

/** One attempt of a provider to deliver. */
export interface HookAttempt {
  /** The provider's number of it, as digits. Later attempts have greater numbers. */
  readonly id: string;
  /** The key of the delivery in the inbox. Absent where the provider's list does not have it. */
  readonly key?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Whether it was answered with 2xx. */
  readonly ok: boolean;
}

/** Kinds of repository events that automations can listen to. */
export type HookEventKind =
  | 'push'
  | 'tag'
  | 'pull_request'
  | 'merge_group'
  | 'comment'
  | 'review'
  | 'release'
  | 'deployment'
  | 'status';

/** A webhook that is to be created or changed. */
export interface HookToWrite {
  readonly url: string;
  /** The webhook secret. Sent to the provider, and never shown. */
  readonly secret: string;
  readonly events: readonly string[];
}

/** A webhook as the provider has it. `events` are the provider's own names. */
export interface Hook {
  readonly id: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  /** What the provider reports as wrong with it: that it disabled the hook, for example. */
  readonly warning?: string;
  /** Why the provider sends nothing through it at the moment, and does not list what it leaves out. */
  readonly dropping?: string;
}

/** A delivery through a webhook as the provider lists it. */
export interface HookDelivery {
  /** The provider's id of the delivery, which is its key in the inbox. */
  readonly key?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly event: string;
  /** The status that the provider saw; undefined when it got no answer. */
  readonly status?: number;
  readonly ok: boolean;
}
