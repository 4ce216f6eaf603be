import type { EventKind } from '../../events/event.js';
import type { Trigger } from '../../triggers/trigger.js';
import type { BuildableEvent } from '../kit/buildable-event.js';

type Kind = EventKind | BuildableEvent['kind'];

/** Kinds that bring a commit to build, which was approved if it is a stranger's; and what was looked up. */
const BUILDABLE: readonly Kind[] = ['push', 'tag', 'pull_request', 'merge_group', 'branch_head', 'tag_head'];

/** Returns whether an event brings the commit that is to be built. */
export function isBuildable(event: { readonly kind: Kind }): event is BuildableEvent {
  return BUILDABLE.includes(event.kind);
}

/**
 * Returns why an event of this kind has no commit that can be built, with what to do; undefined if it has. The types say the same,
 * but do not hold when modules are loaded. A comment or a review may name a commit, but nobody has approved it.
 */
export function whyNotBuildable(kind: Kind): string | undefined {
  if (isBuildable({ kind })) return undefined;
  return whyNoHead(kind) ?? `a ${inWords(kind)} event brings no commit: pass what headOf(event) returns`;
}

/** Returns why an event of this kind leads to no commit, with what to do; undefined if it may lead to one. */
export function whyNoHead(kind: Kind): string | undefined {
  switch (kind) {
    case 'schedule':
    case 'manual':
    case 'generic':
      return `a ${inWords(kind)} event leads to no commit: pass what headOf(event, { source, repository, ref }) returns`;
    case 'branch_deleted':
    case 'tag_deleted':
      return `a ${inWords(kind)} event leads to no commit: what it tells of is gone`;
    default:
      return undefined;
  }
}

function inWords(kind: Kind): string {
  return kind.replace('_', ' ');
}

/**
 * Returns why an automation can never build the event that it hands to `runJob`, as the text of its function shows: none of
 * its triggers leads to a commit.
 */
export function whyNeverBuildable(on: readonly Trigger[], fn: unknown): string | undefined {
  const reasons = on.map(({ kind }) => whyNoHead(kind));
  const [first] = reasons;
  if (first === undefined || reasons.includes(undefined)) return undefined;
  const text = String(fn);
  const parameter = /^(?:async\b\s*)?(?:function\b[^(]*)?\(?\s*([\w$]+)\s*(?:\)|,|=>)/.exec(text)?.[1];
  if (parameter === undefined) return undefined;
  const isHandedOver = new RegExp(`\\brunJob\\)?\\(\\s*${parameter.replaceAll('$', '\\$')}\\s*,`).test(text);
  return isHandedOver ? first : undefined;
}
