import type { PullRequest, ReleaseEvent, Repository } from '../events/event.js';
import type { Secret } from '../secrets/secret.js';
import type { BuildsApi } from './builds-api.js';
import type { Pages } from './pages.js';
import type { ServerVersion } from './server-version.js';

/** The API of one source with its credentials. Made once. */
export interface SourceApi {
  /**
   * Returns the API about one repository. Throws {@link ProviderError} (`refused`) for what is not a repository's name.
   */
  repository(fullName: string): RepositoryApi;
  /**
   * Returns the full name that the repository with this id has now, after it was renamed or transferred. Undefined if
   * the provider knows none, or our account may not see it.
   */
  nameOf?(repositoryId: string): Promise<string | undefined>;
  /** Asks the provider whom the source's credentials belong to. An answer proves that they work. */
  account?(): Promise<{ readonly login: string }>;
  /** Asks a self-hosted server for its version. Absent where there is only one, or no call for it. */
  version?(): Promise<ServerVersion>;
  /** Hooks that serve many repositories: that of a GitHub App, the subscriptions of an organisation at Azure DevOps. */
  readonly hooks?: HookLogs;
  /**
   * Returns the hooks of an organisation. Throws {@link ProviderError} (`refused`) for what is not an organisation's
   * name.
   */
  organisation?(name: string): HookLogs;
}

/**
 * A Git provider's API about one repository, the same for all providers. A method is absent where a provider does not
 * offer it; the README's table is made from those that are present.
 *
 * Every call has a deadline and throws {@link ProviderError}. Names and numbers are checked before they become part of
 * an address; answers are parsed before they are used.
 */
export interface RepositoryApi {
  /** Sets a commit status. Setting the same one again changes nothing. */
  writeStatus?(status: StatusToWrite): Promise<void>;
  /** Returns the status that was written last to a commit and context. Undefined if none was. */
  readStatus?(of: { sha: string; context: string }): Promise<WrittenStatus | undefined>;
  /** Writes a comment on a pull request. */
  comment?(comment: { number: number; body: string }): Promise<WrittenComment>;
  /** Returns the newest comment on a pull request that our own account wrote and that contains `marker`. */
  findComment?(of: { number: number; marker: string }): Promise<WrittenComment | undefined>;
  editComment?(comment: { number: number; id: string; body: string }): Promise<WrittenComment>;
  /** Reacts to a comment. A provider without this reaction takes the nearest that it has. */
  react?(to: { number: number; commentId: string; reaction: Reaction; onLine?: boolean }): Promise<void>;
  /**
   * Returns the paths that a pull request (from the merge base to its head) or a push changes, renamed files under both
   * names. Undefined when the provider's list is or may be incomplete.
   */
  changedFiles?(of: ChangeRange): Promise<readonly string[] | undefined>;
  /** Returns a pull request as it is now. */
  pullRequest?(number: number): Promise<PullRequest>;
  /** Returns the whole name of the commit that a branch, or a shortened name, stands for. */
  resolveCommit?(name: string): Promise<string>;
  /** Returns the beginning of a commit's message. */
  commitMessage?(sha: string): Promise<string>;
  /** Returns whether what a check suite checks is known to be of a branch of the repository, and not of a fork. */
  isOwnSuite?(suite: string): Promise<boolean>;
  /** Returns what somebody may do in the repository. A person that the provider does not know has `none`. */
  permissionOf?(person: { login: string; id?: string }): Promise<Permission>;
  /** Returns what git may read the repository with, where the configuration holds no token but what tokens are made of. */
  gitToken?(): Promise<GitToken>;
  /**
   * Returns what the credentials may do in the repository, as far as the provider tells. Throws {@link ProviderError}
   * where they can't see it. Changes nothing.
   */
  rights?(): Promise<readonly Right[]>;
  /** The provider's own CI. */
  readonly builds?: BuildsApi;
  readonly hooks?: HooksApi;
  /** Where branches and pull requests are now, for providers that keep no list of their deliveries. */
  readonly state?: StateApi;
}

/** A commit status that is to be set. */
export interface StatusToWrite {
  readonly sha: string;
  /**
   * GitHub's four states, of which `error` means that it is not the code's fault, and `skipped`: nothing had to be
   * done, which must not block a merge. A provider with fewer states takes the nearest.
   */
  readonly state: StatusState;
  readonly context: string;
  /** 140 characters at most. */
  readonly description: string;
  readonly targetUrl?: string;
}

/** The states of a commit status, see {@link StatusToWrite.state}. */
export type StatusState = 'pending' | 'success' | 'failure' | 'error' | 'skipped';

/** A commit status as the provider has it. */
export interface WrittenStatus {
  readonly state: StatusState;
  readonly targetUrl?: string;
}

/** A comment as the provider has it. `id` is what it is edited by. */
export interface WrittenComment {
  readonly id: string;
  readonly body: string;
  readonly url?: string;
}

/** Reactions by GitHub's names. */
export type Reaction = 'eyes' | 'rocket' | '+1' | '-1' | 'confused';

/** A token that git sends to a provider. */
export interface GitToken {
  readonly token: Secret;
  /** Whether it goes by itself (`Bearer`), and not as the password of a user. */
  readonly isBearer?: boolean;
}

/** What changed files are asked about: a pull request, or a push from one commit to another. */
export type ChangeRange =
  | { readonly kind: 'pull_request'; readonly number: number }
  | { readonly kind: 'push'; readonly before: string; readonly after: string };

/** Permissions in rising order. Each includes those before it. */
export const PERMISSIONS = ['none', 'read', 'write', 'admin'] as const;
/** One of {@link PERMISSIONS}. */
export type Permission = (typeof PERMISSIONS)[number];

/** What credentials need rights for, beside webhooks. `commands`: to ask who may give comment commands. */
export type RightUse = 'statuses' | 'comments' | 'commands';

/** Whether credentials may be used for something. */
export interface Right {
  readonly use: RightUse;
  /** Undefined where the provider does not tell. */
  readonly has: boolean | undefined;
  /** What is lacking: the role or the scope. */
  readonly lacks?: string;
}

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

/**
 * The state of a repository. Lists that are too long are cut, and marked as incomplete. Those of tags and releases are
 * undefined where this repository, or this version of the provider, has none.
 */
export interface StateApi {
  /** Returns the repository as webhooks describe it. */
  about(): Promise<Repository>;
  branches(): Promise<Pages<BranchState>>;
  /** Returns one branch, for when the list was cut. Undefined when there is none of that name. */
  branch?(name: string): Promise<BranchState | undefined>;
  /** Returns the open pull requests, each with its head. */
  pullRequests?(): Promise<Pages<PullRequest>>;
  /** Returns the tags. */
  tags?(): Promise<Pages<TagState> | undefined>;
  /** Returns the releases that are published. */
  releases?(): Promise<Pages<ReleaseState> | undefined>;
}

/** A tag, and where it leads. */
export interface TagState {
  readonly name: string;
  /** The whole name of the commit that the tag leads to. */
  readonly sha: string;
  /** The name of the annotated tag's own object, where the provider's deliveries have that in the commit's place. */
  readonly object?: string;
}

/** A release. */
export type ReleaseState = Pick<ReleaseEvent, 'tag' | 'name' | 'url' | 'prerelease'>;

/** A branch and its head. */
export interface BranchState {
  readonly name: string;
  /** The whole name of the commit at its head. */
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
