import { REVIEW_ACTIONS, type ReviewEvent } from '../../events/event.js';
import { listOf, type OptionTable, readOptions } from '../options.js';
import { REPOSITORY, type RepositoryOptions } from './shared-options.js';

/** What `review()` makes. */
export type ReviewTrigger = { readonly kind: 'review' } & ReviewOptions;

/** Options of `review()`. */
export interface ReviewOptions extends RepositoryOptions {
  /** Default: all. */
  readonly actions?: readonly ReviewEvent['action'][];
}

const OPTIONS: OptionTable<ReviewOptions> = {
  actions: listOf(REVIEW_ACTIONS),
  ...REPOSITORY,
};

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
