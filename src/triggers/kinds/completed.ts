import { RUN_OUTCOMES, type RunOutcome } from '../../events/event.js';
import { listOf, type OptionTable, readOptions, refuse, TriggerError, yesOrNo } from '../options.js';

/** What `completed()` makes. */
export type CompletedTrigger = { readonly kind: 'chained'; readonly automation: string } & CompletedOptions;

/** Options of `completed()`. */
export interface CompletedOptions {
  /** Default: `passed`. */
  readonly outcomes?: readonly RunOutcome[];
  /** `true`: runs at once also after a run about a fork's pull request. Default: waits for approval of its code. */
  readonly forks?: boolean;
}

const OPTIONS: OptionTable<CompletedOptions> = { outcomes: listOf(RUN_OUTCOMES), forks: yesOrNo };

/**
 * Runs when a run of another automation has ended. Throws {@link TriggerError} on an unknown or malformed option.
 *
 * @example
 * import { automation, completed, notify } from 'hookyard/workflow';
 *
 * export const alarm = automation({ on: completed('ci', { outcomes: ['failed', 'error'] }) }, async (event) => {
 *   await notify.sms('on-call', `${event.automation} ${event.outcome}`);
 * });
 */
export function completed(automation: string, options: CompletedOptions = {}): CompletedTrigger {
  if (typeof automation !== 'string' || automation === '')
    refuse(new TriggerError('completed() takes the name of an automation'));
  return { kind: 'chained', automation, ...readOptions('completed', options, OPTIONS) };
}
