import type { HookyardEvent } from '../events/event.js';
import type { Preconditions } from '../runs/options.js';
import type { Automation } from './automation.js';
import type { PullRequestTrigger } from './kinds/pull-request.js';
import { isElsewhere, match } from './match.js';
import { markerToFind, preconditionsOf } from './preconditions.js';

const NOTE = '; the provider is asked who its author is before it begins';
/** The list of a trigger that has none: it includes whoever is not known, too. */
const ANYBODY = ['*'];

/**
 * Returns what has to be found out before an automation runs that nothing but its `authors` keeps from a pull request whose
 * author is not told, and the sentence that says so; undefined where it does not run whoever that is, or runs all the same: where
 * another trigger agrees that asks for nothing else, as for changed files. Not of what may be a stranger's: there `authors` beside
 * `forks: true` says whose code is trusted, and what is in doubt is not.
 */
export function authorToFind(
  { on }: Pick<Automation, 'on'>,
  event: HookyardEvent,
): { readonly because: string; readonly asks: Preconditions } | undefined {
  if (event.kind !== 'pull_request' || event.pullRequest.author !== undefined || event.pullRequest.fork)
    return undefined;
  const listening = on.filter((trigger) => trigger.kind === 'pull_request');
  const agreeing = listening.filter((trigger) => match({ on: [ofAnyAuthor(trigger)] }, event).runs);
  const lists = agreeing.map(({ authors = ANYBODY }) => authors);
  const each = agreeing.map((trigger) => askedBy({ on: [ofAnyAuthor(trigger)] }, event));
  const concerned = listening.filter((trigger) => isElsewhere(trigger, event) === undefined);
  const others = concerned.filter((trigger) => !agreeing.includes(trigger));
  const refused = match({ on: others }, event);
  const skips = others.length === 0 || (!refused.runs && refused.skips);
  const ofAny = { on: agreeing.map(ofAnyAuthor) };
  const matched = match(ofAny, event);
  const certain = agreeing.filter((trigger) => match({ on: [trigger] }, event).runs);
  if (!matched.runs || certain.length === agreeing.length) return undefined;
  if (certain.length > 0 && Object.keys(askedBy({ on: certain }, event)).length === 0) return undefined;
  return {
    because: `${matched.because}${NOTE}`,
    asks: {
      ...askedBy(ofAny, event),
      // Where another trigger refuses for what the author of the change chose, the checks stay as they are.
      author: { lists, ...(each.length > 1 && { each }), ...(skips && { skips }) },
      // Workers of a version that asks for no author wait for it, and so begin nothing that is in doubt.
      approval: true,
    },
  };
}

function askedBy(of: Pick<Automation, 'on'>, event: HookyardEvent): Preconditions {
  return { ...preconditionsOf(of, event), ...markerToFind(of, event) };
}

function ofAnyAuthor({ authors: _, ...others }: PullRequestTrigger): PullRequestTrigger {
  return others;
}
