import type { PullRequest, Repository } from '../events/event.js';
import type { BuildsApi } from './builds-api.js';
import type { Pages } from './pages.js';

/** The API of one source: made once, with its credentials. */
export interface SourceApi {
  /** Throws {@link ProviderError} (`refused`) for what is no repository's name. */
  repository(fullName: string): RepositoryApi;
  /** Whom the source's credentials belong to: the provider is asked, so that an answer says that they work. */
  account?(): Promise<{ readonly login: string }>;
  /** Hooks that stand above repositories: the one of a GitHub App, the subscriptions of an organisation at Azure DevOps. */
  readonly hooks?: HookLogs;
  /** The hooks of an organisation. Throws {@link ProviderError} (`refused`) for what is no organisation's name. */
  organisation?(name: string): HookLogs;
}

/**
 * What can be asked of a Git provider's API about one repository of a source: the same for all of them. What a provider
 * does not offer is not there, and the README's table is made from what is.
 *
 * Every call has a deadline and throws {@link ProviderError}. Names and numbers are checked before they get into an
 * address; answers are parsed before they are used.
 */
export interface RepositoryApi {
  /** Sets a commit status. The same one again changes nothing. */
  writeStatus?(status: StatusToWrite): Promise<void>;
  /** Of a commit and context: what was written last. Undefined if nothing was. */
  readStatus?(of: { sha: string; context: string }): Promise<WrittenStatus | undefined>;
  /** Writes a comment on a pull request. */
  comment?(comment: { number: number; body: string }): Promise<WrittenComment>;
  /** The newest comment on a pull request that our own account wrote and that holds `marker`. */
  findComment?(of: { number: number; marker: string }): Promise<WrittenComment | undefined>;
  editComment?(comment: { number: number; id: string; body: string }): Promise<WrittenComment>;
  /** Shows that a comment was seen, or what became of it. A provider without this reaction takes its nearest. */
  react?(to: { number: number; commentId: string; reaction: Reaction }): Promise<void>;
  /**
   * Paths that a pull request (from the merge base to its head) or a push changes, renames under both names. Undefined
   * when the provider's list is known to be incomplete, or may be.
   */
  changedFiles?(of: ChangeRange): Promise<readonly string[] | undefined>;
  /** A pull request as it is now. */
  pullRequest?(number: number): Promise<PullRequest>;
  /** The full name of the commit that a branch, or a shortened name, stands for. */
  resolveCommit?(name: string): Promise<string>;
  /** What somebody may do here. A person that the provider does not know has `none`. */
  permissionOf?(person: { login: string; id?: string }): Promise<Permission>;
  /** The provider's own CI. */
  readonly builds?: BuildsApi;
  readonly hooks?: HooksApi;
  /** What stands where now, of providers that keep no list of their deliveries. */
  readonly state?: StateApi;
}

export interface StatusToWrite {
  readonly sha: string;
  /**
   * GitHub's four states, and `skipped`: nothing had to be done, which must not hold up a merge. `error`: not the code's
   * fault. A provider with fewer takes the nearest.
   */
  readonly state: StatusState;
  readonly context: string;
  /** 140 characters at most. */
  readonly description: string;
  readonly targetUrl?: string;
}

export type StatusState = 'pending' | 'success' | 'failure' | 'error' | 'skipped';

export interface WrittenStatus {
  readonly state: StatusState;
  readonly targetUrl?: string;
}

export interface WrittenComment {
  readonly id: string;
  readonly body: string;
  readonly url?: string;
}

/** GitHub's names. */
export type Reaction = 'eyes' | 'rocket' | '+1' | '-1' | 'confused';

export type ChangeRange =
  | { readonly kind: 'pull_request'; readonly number: number }
  | { readonly kind: 'push'; readonly before: string; readonly after: string };

/** In rising order; each includes those before it. */
export const PERMISSIONS = ['none', 'read', 'write', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The webhooks of a repository. */
export interface HooksApi {
  list(): Promise<readonly Hook[]>;
  /** `events` are the provider's own names, see {@link hookEvents}. */
  create(hook: HookToWrite): Promise<Hook>;
  update(id: string, hook: HookToWrite): Promise<Hook>;
  /** Has the provider send its test delivery. Undefined for a provider that has none. */
  test?(id: string): Promise<void>;
  /** What the provider says of its last deliveries through a hook, newest first, 30 at most. */
  deliveries?(id: string): Promise<readonly HookDelivery[]>;
  /** The provider's names for what triggers listen to. */
  eventsFor(kinds: readonly HookEventKind[]): readonly string[];
  /** All that the provider has kept of a hook's deliveries. */
  log?(id: string): HookLog;
}

/** Hooks whose deliveries the provider keeps a list of. */
export interface HookLogs {
  list(): Promise<readonly Pick<Hook, 'id' | 'url' | 'dropping'>[]>;
  log(id: string): HookLog;
}

/** What a provider keeps of its deliveries through one hook. It can send them again, or it tells what they held. */
export interface HookLog {
  /** How far back it goes, at most. */
  readonly days: number;
  /** For how many hours the provider itself goes on trying, so that an old attempt may turn into a failed one. Default: 1. */
  readonly triesHours?: number;
  /** How many may be asked for again within a minute, where the provider has a limit of its own. */
  readonly sendsPerMinute?: number;
  /** A page of attempts, newest first. `cursor` is a page's `next`. */
  page(cursor?: string): Promise<AttemptsPage>;
  /** Has the provider send a delivery once more, under the same key and signed as ever. */
  sendAgain?(attempt: string): Promise<void>;
  /** What a delivery held, as JSON. Undefined when the provider does not have it any more. */
  content?(attempt: string): Promise<string | undefined>;
}

export interface AttemptsPage {
  readonly attempts: readonly HookAttempt[];
  /** Absent on the last page. */
  readonly next?: string;
  /** Whether there is more, which the provider can't be asked for. */
  readonly cut?: boolean;
}

/** One try of a provider to deliver. */
export interface HookAttempt {
  /** The provider's number of it, as digits: later ones have greater numbers. */
  readonly id: string;
  /** What the inbox knows the delivery by. Absent where the provider names none. */
  readonly key?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Whether it was answered with 2xx. */
  readonly ok: boolean;
}

/** The state of a repository. Lists that are too long are cut, and say so. */
export interface StateApi {
  /** In the same words as the receiver's. */
  about(): Promise<Repository>;
  branches(): Promise<Pages<BranchState>>;
  /** One branch, for when the list was cut. Undefined when there is none of that name. */
  branch?(name: string): Promise<BranchState | undefined>;
  /** Open ones, each with its head. */
  pullRequests?(): Promise<Pages<PullRequest>>;
}

export interface BranchState {
  readonly name: string;
  /** The commit at its head, in full. */
  readonly sha: string;
}

/** Kinds of repository events that automations can listen to. */
export type HookEventKind =
  | 'push'
  | 'tag'
  | 'pull_request'
  | 'comment'
  | 'review'
  | 'release'
  | 'deployment'
  | 'status';

export interface HookToWrite {
  readonly url: string;
  /** The webhook secret. Sent to the provider, and never shown. */
  readonly secret: string;
  readonly events: readonly string[];
}

export interface Hook {
  readonly id: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  /** What the provider itself says is wrong with it: that it disabled the hook, for example. */
  readonly warning?: string;
  /** Why the provider sends nothing through it at the moment, and lists nothing of what it would have sent. */
  readonly dropping?: string;
}

export interface HookDelivery {
  /** The provider's id of the delivery: what the inbox has it under. */
  readonly key?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly event: string;
  /** The status that the provider saw; undefined when it got no answer. */
  readonly status?: number;
  readonly ok: boolean;
}
