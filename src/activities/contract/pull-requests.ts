import type { PullRequest } from '../../events/event.js';

/** Activities that ask a provider about commits, pull requests and people, and comment. */
export interface PullRequestActivities {
  resolveCommit(input: ResolveCommitInput): Promise<{ readonly sha?: string }>;
  findSkipMarker(input: SkipMarkerInput): Promise<{ readonly marker?: string }>;
  findOrigin(input: OriginInput): Promise<OriginResult>;
  findChangedFiles(input: ChangedFilesInput): Promise<ChangedFilesResult>;
  checkPermission(input: PermissionInput): Promise<PermissionResult>;
  react(input: ReactionInput): Promise<void>;
  writeComment(input: CommentInput): Promise<CommentResult>;
  readPullRequest(input: PullRequestRef): Promise<PullRequest>;
}

/** The short name of a commit, whose full one is asked for. */
export interface ResolveCommitInput {
  readonly source: string;
  readonly repository: string;
  /** The beginning of a commit's name, or a branch. */
  readonly name: string;
}

/** The commit whose message may hold a skip marker. */
export interface SkipMarkerInput {
  readonly source: string;
  readonly repository: string;
  /** The commit whose message is looked at. */
  readonly sha: string;
}

/** The check suite whose commit is asked about. */
export interface OriginInput {
  readonly source: string;
  readonly repository: string;
  /** The check suite that a commit was checked in. */
  readonly checkSuite: string;
}

/** `own`: the commit is known to be the repository's. Otherwise `because` says why not. */
export type OriginResult = { readonly own: true } | { readonly own: false; readonly because: string };

/** The change whose files are asked for, and the filters that they are for. */
export interface ChangedFilesInput {
  readonly source: string;
  readonly repository: string;
  /** Absent where there is nothing to compare with: a new branch, a force push. */
  readonly range?:
    | { readonly kind: 'pull_request'; readonly number: number }
    | { readonly kind: 'push'; readonly before: string; readonly after: string }
    | undefined;
  /** The path filters to match. */
  readonly paths: readonly (readonly string[])[];
}

/**
 * `hits`: for each of `paths`, a changed file that it includes; empty where no file is changed and the list would only take
 * away. All files may be thousands.
 */
export type ChangedFilesResult =
  | { readonly known: true; readonly count: number; readonly hits: readonly (string | null)[] }
  | { readonly known: false; readonly because: string };

/** Who is asked about, and what they should be allowed. */
export interface PermissionInput {
  readonly source: string;
  readonly repository: string;
  readonly login: string;
  readonly id?: string;
  readonly atLeast: 'read' | 'write' | 'admin';
}

/** Whether somebody is allowed something, and why. */
export interface PermissionResult {
  readonly allowed: boolean;
  readonly because: string;
  /** Nobody can be asked: the source has no credentials, or the provider's API does not tell. */
  readonly unaskable?: true;
}

/** A pull request, by its number. */
export interface PullRequestRef {
  readonly source: string;
  readonly repository: string;
  readonly number: number;
}

/** A reaction to a comment. */
export interface ReactionInput extends PullRequestRef {
  readonly commentId: string;
  /** The comment is on a line of the code. */
  readonly onLine?: true;
  readonly reaction: 'eyes' | 'rocket' | '+1' | '-1' | 'confused';
}

/** A comment on a pull request. */
export interface CommentInput extends PullRequestRef {
  /** Markdown. Text from payloads must have gone through `plain`. */
  readonly body: string;
  /** Makes it the one comment of this name on the pull request: it is edited when its text changes. */
  readonly sticky?: string;
}

/** `written: false`, with the reason, when the source has no API credentials or its provider no comments. */
export type CommentResult =
  | { readonly written: true; readonly outcome: 'created' | 'updated' | 'unchanged'; readonly url?: string }
  | { readonly written: false; readonly because: string };
