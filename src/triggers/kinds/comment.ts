import { COMMAND_NAME } from '../../events/comment-commands.js';
import { COMMENT_ACTIONS, COMMENT_SUBJECTS, type CommentEvent } from '../../events/event.js';
import type { CommandPermission } from '../../runs/options.js';
import {
  listOf,
  type OptionCheck,
  type OptionTable,
  readOptions,
  refuse,
  TriggerError,
  wasRefused,
} from '../options.js';
import { permission, REPOSITORY, type RepositoryOptions } from './shared-options.js';

/** What `comment()` makes. */
export type CommentTrigger = { readonly kind: 'comment' } & CommentOptions;

/** Options of `comment()`. */
export interface CommentOptions extends RepositoryOptions {
  /** Default: `created`. */
  readonly actions?: readonly CommentEvent['action'][];
  /** What was commented on. Default: all; with `commands`, pull requests. */
  readonly on?: readonly CommentEvent['on'][];
  /**
   * Names of commands that count: `deploy` for a line `/deploy staging` in a new comment on an open pull request. Bots'
   * do not count. The event holds the commands with their arguments.
   */
  readonly commands?: readonly string[];
  /** With `commands`: what whoever comments must be allowed to do in the repository. Default: `write`. */
  readonly permission?: CommandPermission;
}

const commandNames: OptionCheck = (value) =>
  listOf()(value) ??
  ((value as string[]).every((name) => COMMAND_NAME.test(name))
    ? undefined
    : 'a list of command names without the slash: lower-case letters, digits and -');

const OPTIONS: OptionTable<CommentOptions> = {
  actions: listOf(COMMENT_ACTIONS),
  on: listOf(COMMENT_SUBJECTS),
  commands: commandNames,
  permission,
  ...REPOSITORY,
};

/**
 * Runs on comments on pull requests, issues and commits. Throws {@link TriggerError} on an unknown or malformed option.
 *
 * @example
 * import { automation, comment, triggerBuild } from 'hookyard/workflow';
 *
 * export const deploy = automation({ on: comment({ commands: ['deploy'], permission: 'admin' }) }, async (event) => {
 *   const target = event.commands?.find(({ name }) => name === 'deploy')?.args[0] ?? 'staging';
 *   await triggerBuild.http('deployer', { params: { target, pullRequest: event.number } });
 * });
 */
export function comment(options: CommentOptions = {}): CommentTrigger {
  const read = readOptions('comment', options, OPTIONS);
  if (read.permission !== undefined && read.commands === undefined && !wasRefused(read))
    refuse(new TriggerError('comment(): "permission" is for commands: name them in "commands"'));
  return { kind: 'comment', ...read };
}
