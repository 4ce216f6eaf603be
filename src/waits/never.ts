import type { Trigger } from '../triggers/trigger.js';
import type { About, Place } from './about.js';

/**
 * Returns why a wait could never get an event by one of its triggers, with what to do; undefined where it may.
 */
export function whyNeverAbout(
  on: readonly Trigger[],
  { place, about }: { readonly place: Place; readonly about: About },
): string | undefined {
  if (on.length === 0) return 'give it a trigger, such as comment(), or a list of triggers';
  for (const trigger of on) {
    const because = whyNever(trigger, place, about);
    if (because !== undefined) return because;
  }
  return undefined;
}

function whyNever(trigger: Trigger, { source, repository }: Place, about: About): string | undefined {
  const { kind } = trigger;
  if (kind === 'schedule' || kind === 'manual' || kind === 'chained')
    return `${kind === 'schedule' ? 'cron' : kind === 'chained' ? 'completed' : kind}() can't be waited for: no delivery brings it`;
  if (trigger.sources && !trigger.sources.includes(source))
    return `what is waited for comes from the source of "of", which is "${source}": sources leaves it out`;
  if ((kind === 'generic') !== (repository === ''))
    return repository === ''
      ? `"of" is from "${source}", which has no repositories: wait for generic()`
      : 'generic() is from no repository, and "of" is: give an event of the same source';
  if (about.kind === 'branch' && (kind === 'comment' || kind === 'review'))
    return `a ${kind} does not say its branch: give "of" an event of a pull request, or a "key"`;
  if (about.kind === 'issue' && !['comment', 'tag', 'release'].includes(kind))
    return `"of" is about an issue, and ${kind}() is about none: wait for comment(), or give a "key"`;
  return undefined;
}
