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
  const isUnknownBranch = about.kind === 'pull-request' && about.branch === undefined;
  if (isUnknownBranch && on.every(({ kind }) => OF_A_BRANCH.includes(kind)))
    return `"of" does not say the pull request's branch, or that is a fork's: wait for pullRequest(), comment() or review()`;
  return undefined;
}

/** What says its branch, and no pull request. */
const OF_A_BRANCH: readonly Trigger['kind'][] = ['push', 'branch_deleted', 'status', 'deployment', 'merge_group'];

/** Returns why none of some triggers could ever end a run of an automation; undefined where one may. */
export function whyNeverEnds(endOn: readonly Trigger[], on: readonly Trigger[]): string | undefined {
  const areOfBranches = on.length > 0 && on.every(({ kind }) => kind === 'push');
  if (!areOfBranches || !endOn.every(({ kind }) => kind === 'comment' || kind === 'review')) return undefined;
  return `${endOn[0]?.kind}() says no branch, so it could never end a run of push(): end it by push()`;
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
