import type { Commit, RepositoryEventBase } from './event-base.js';

/** Somebody wrote, changed or deleted a comment on a pull request, an issue or a commit. */
export interface CommentEvent extends RepositoryEventBase {
  readonly kind: 'comment';
  readonly action: (typeof COMMENT_ACTIONS)[number];
  readonly on: (typeof COMMENT_SUBJECTS)[number];
  readonly comment: Comment;
  /** The pull request's or the number. */
  readonly number?: number;
  readonly title?: string;
  /** Whether the pull request or the issue is open. */
  readonly open?: boolean;
  /** The commands in it, `/deploy staging` for example; see {@link commandsIn}. Only of a new one on a pull request. */
  readonly commands?: readonly Command[];
  /** The commit that was commented on, or the pull request's head where the payload says it. */
  readonly commit?: Commit;
}

/** What can happen to a comment. */
export const COMMENT_ACTIONS = ['created', 'edited', 'deleted'] as const;
/** What can be commented on. */
export const COMMENT_SUBJECTS = ['pull_request', 'issue', 'commit'] as const;

/** A command: a line of a comment that begins with a slash. */
export interface Command {
  /** Without the slash. */
  readonly name: string;
  /** The words after the name. */
  readonly args: readonly string[];
}

/** A comment, as the payload describes it. */
export interface Comment {
  /** A review's text has none of its own, and takes the delivery's. */
  readonly id: string;
  /** Where it stands, if not in the conversation: on a line of the code, or as the text of a review. */
  readonly in?: 'line' | 'review';
  /** Cut at 10,000 characters. */
  readonly body: string;
  readonly author: string;
  readonly url?: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
}
