import { REVIEW_ACTIONS } from '../events/event.js';
import { permissionToReview } from '../triggers/kinds/review.js';
import type { Trigger } from '../triggers/trigger.js';

/**
 * Returns why a trigger never runs on what these sources tell, where it asks what somebody may do and no API of theirs says so, in
 * words that follow the automation's name; undefined where it runs. `telling`: the sources that tell of such events.
 */
export function whyNobodyMay(
  trigger: Trigger,
  telling: readonly { readonly name: string; readonly tellsPermissions?: false | undefined }[],
): string | undefined {
  if (telling.length === 0 || telling.some(({ tellsPermissions }) => tellsPermissions !== false)) return undefined;
  const whom = telling.map(({ name }) => name).join(', ');
  const because = `and the API of ${whom} does not tell that`;
  if (trigger.kind === 'comment' && trigger.commands)
    return `takes commands from those who may give them, ${because}: it never runs on a comment`;
  if (trigger.kind !== 'review') return undefined;
  const asked = (trigger.actions ?? REVIEW_ACTIONS).filter((action) => permissionToReview(trigger, action));
  if (asked.length === 0) return undefined;
  return `asks what a reviewer may do, ${because}: it never runs on ${asked.join(', ')}; permission: 'none' takes everybody's review`;
}
