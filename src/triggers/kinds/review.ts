import { REVIEW_ACTIONS, type ReviewEvent } from '../../events/event.js';
import type { CommandPermission } from '../../runs/options.js';
import { listOf, type OptionTable, readOptions } from '../options.js';
import { permission, REPOSITORY, type RepositoryOptions } from './shared-options.js';

/** What `review()` makes. */
export type ReviewTrigger = { readonly kind: 'review' } & ReviewOptions;

/** Options of `review()`. */
export interface ReviewOptions extends RepositoryOptions {
  /** Default: all. */
  readonly actions?: readonly ReviewEvent['action'][];
  /**
   * What the reviewer must be allowed to do in the repository: whoever can read it can approve. Default: `write` for
   * `approved` and `changes_requested`, and `none` for the other actions. `none` runs on anybody's and asks no API: only
   * for automations that tell people.
   */
  readonly permission?: CommandPermission | 'none';
}

const OPTIONS: OptionTable<ReviewOptions> = {
  actions: listOf(REVIEW_ACTIONS),
  permission: (value) =>
    value === 'none' || permission(value) === undefined ? undefined : 'none, read, write or admin',
  ...REPOSITORY,
};

/** Returns what a reviewer must be allowed to do for a trigger to run; undefined where anybody's review counts. */
export function permissionToReview(
  trigger: Pick<ReviewTrigger, 'permission'>,
  action: ReviewEvent['action'],
): CommandPermission | undefined {
  const judges = action === 'approved' || action === 'changes_requested';
  const { permission = judges ? 'write' : 'none' } = trigger;
  return permission === 'none' ? undefined : permission;
}

/**
 * Runs on reviews of pull requests. Throws {@link TriggerError} on an unknown or malformed option.
 *
 * @example
 * import { automation, notify, review, slackText } from 'hookyard/workflow';
 *
 * export const approved = automation({ on: review({ actions: ['approved'] }) }, async (event) => {
 *   await notify.slack('reviews', `${slackText(event.reviewer)} approved #${event.number}`);
 * });
 */
export function review(options: ReviewOptions = {}): ReviewTrigger {
  return { kind: 'review', ...readOptions('review', options, OPTIONS) };
}
