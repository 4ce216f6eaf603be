import type { PullRequest } from '../events/event.js';
import type { Secret } from '../secrets/secret.js';
import type { BuildsApi } from './builds-api.js';
import type { HookLogs, HooksApi } from './hooks-api.js';
import type { Permission, Right } from './permission.js';
import type { ServerVersion } from './server-version.js';
import type { StateApi } from './state-api.js';

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
  /**
   * Shows problems of a commit at their lines, in the place of those that were shown for the same context; none removes these. Called
   * again with the same `id` and the same problems, it adds none twice. What a provider takes no more of is left out, the last first.
   */
  annotate?(problems: AnnotationsToWrite): Promise<void>;
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
  /** Returns whether somebody is an active member of a team (`acme/ops`), or of a group by its path. */
  isMember?(person: { login: string; id?: string }, team: string): Promise<boolean>;
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

/** Problems that are to be shown at their lines. They never block a merge: the commit status does. */
export interface AnnotationsToWrite {
  readonly sha: string;
  /** The commit status that they belong to. */
  readonly context: string;
  /** The try that has found them. */
  readonly id: string;
  /** What they come to, as plain text in one line. */
  readonly title: string;
  readonly targetUrl?: string;
  /** The most important ones first. */
  readonly annotations: readonly Annotation[];
}

/** A problem at a line of a file. All texts are plain. */
export interface Annotation {
  /** From the top of the repository, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column?: number;
  readonly severity: 'error' | 'warning' | 'notice';
  /** The test or the rule. */
  readonly title: string;
  readonly message: string;
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
