import type { EventKind } from '../../events/event.js';
import type { Trigger } from '../../triggers/trigger.js';

/** Kinds of events that bring a commit to build, which was approved if it is a stranger's; and a branch that was looked up. */
const BUILDABLE: readonly string[] = ['push', 'tag', 'pull_request', 'merge_group', 'branch_head'] satisfies (
  | EventKind
  | 'branch_head'
)[];

/**
 * Returns why an event of this kind can't be built, with what to do; undefined if it can. The types say the same, but do not
 * hold when modules are loaded. A comment or a review may name a commit, but nobody has approved it.
 */
export function whyNotBuildable(kind: EventKind | 'branch_head'): string | undefined {
  if (BUILDABLE.includes(kind)) return undefined;
  if (kind === 'chained')
    return 'a chained event has no commit of its own: pass event.event, with which its chain began, if that is a push, a tag, a pull request or a merge group';
  return `a ${kind.replace('_', ' ')} event has no commit to check out: ${insteadOf(kind)}`;
}

function insteadOf(kind: EventKind | 'branch_head'): string {
  const head = 'pass what branchHead({ source, repository, branch }) returns';
  if (kind === 'comment' || kind === 'review')
    return `${head}, or run on pullRequest(), which people start again with the comment /test <automation>`;
  if (kind === 'release') return `run on tag(), which comes with a release, or ${head}`;
  return head;
}

/**
 * Returns why an automation can never build the event that it hands to `runJob`, as the text of its function shows: none of
 * its triggers brings a commit.
 */
export function whyNeverBuildable(on: readonly Trigger[], fn: unknown): string | undefined {
  const reasons = on.map(({ kind }) => whyNotBuildable(kind));
  const [first] = reasons;
  if (first === undefined || reasons.includes(undefined)) return undefined;
  const text = String(fn);
  const parameter = /^(?:async\b\s*)?(?:function\b[^(]*)?\(?\s*([\w$]+)\s*(?:\)|,|=>)/.exec(text)?.[1];
  if (parameter === undefined) return undefined;
  const isHandedOver = new RegExp(`\\brunJob\\)?\\(\\s*${parameter.replaceAll('$', '\\$')}\\s*,`).test(text);
  return isHandedOver ? first : undefined;
}
