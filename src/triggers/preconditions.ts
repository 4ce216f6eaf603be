import type { HookyardEvent, MergeGroupEvent, PullRequestEvent, StatusEvent } from '../events/event.js';
import { COMMAND_PERMISSIONS, type CommandPermission, type Preconditions } from '../runs/options.js';
import type { Automation } from './automation.js';
import { permissionToReview } from './kinds/review.js';
import { concerns, match, openPaths } from './match.js';
import type { Trigger } from './trigger.js';

/** Returns the pull request whose code a run may touch: that of its event, or of the event that its chain began with. */
export function pullRequestEventOf(event: HookyardEvent): PullRequestEvent | undefined {
  const root = event.kind === 'chained' ? event.event : event;
  return root.kind === 'pull_request' ? root : undefined;
}

/** Returns the event whose commit a merge waits to have checked: of a pull request, or of a merge queue that asks for it. */
export function checkedEventOf(event: HookyardEvent): PullRequestEvent | MergeGroupEvent | undefined {
  const root = event.kind === 'chained' ? event.event : event;
  if (root.kind === 'merge_group') return root.action === 'checks_requested' ? root : undefined;
  return pullRequestEventOf(root);
}

/**
 * Returns what has to be found out before an automation runs for an event. The triggers that agree count; where none
 * does, because somebody asked for the run by name, those that listen to this source and repository.
 */
export function preconditionsOf({ on }: Pick<Automation, 'on'>, event: HookyardEvent): Preconditions {
  const agreeing = on.filter((trigger) => match({ on: [trigger] }, event).runs);
  const triggers = agreeing.length > 0 ? agreeing : on.filter((trigger) => concerns(trigger, event));
  const paths = agreeing.map((trigger) => openPaths(trigger, event));
  const known = paths.filter((patterns) => patterns !== undefined);
  const permissions = triggers.map((trigger) => permissionFor(trigger, event));
  const permission = COMMAND_PERMISSIONS.findLast((each) => permissions.includes(each));
  return {
    // A trigger without an open path filter lets the event in, whatever the others would say.
    ...(known.length > 0 && known.length === paths.length && { paths: known }),
    ...(isStrangers(event) && !triggersTrust(triggers) && { approval: true as const }),
    ...(suiteOf(event) !== undefined && !triggersTrust(triggers) && { origin: true as const }),
    ...(permission && { permission }),
  };
}

/**
 * Returns whether the head commit's message has to be looked at for a marker that skips, because the payload does not have it:
 * that of a pull request, or of a push that lists no commits. Only of what a delivery starts by itself: who asks for a run by
 * name gets it.
 */
export function markerToFind({ on }: Pick<Automation, 'on'>, event: HookyardEvent): Pick<Preconditions, 'skipMarker'> {
  if ((event.kind !== 'pull_request' && event.kind !== 'push') || event.commit.message !== undefined) return {};
  const agreeing = on.filter((trigger) => match({ on: [trigger] }, event).runs);
  const heeds = agreeing.every((trigger) => !('skippable' in trigger && trigger.skippable === false));
  return heeds ? { skipMarker: true } : {};
}

/**
 * Returns why a trigger refuses a pull request that nothing but a marker that skips keeps from it; undefined where none
 * does. Its author chose that, so its checks are not reported as skipped, whatever keeps it from the other triggers.
 */
export function skippedBeside({ on }: Pick<Automation, 'on'>, event: HookyardEvent): string | undefined {
  for (const trigger of on) {
    if (trigger.kind !== 'pull_request') continue;
    const found = match({ on: [trigger] }, event);
    if (!found.runs && match({ on: [{ ...trigger, skippable: false }] }, event).runs) return found.because;
  }
  return undefined;
}

/** Returns what whoever commented or reviewed must be allowed to do; undefined where a trigger asks nobody. */
function permissionFor(trigger: Trigger, event: HookyardEvent): CommandPermission | undefined {
  if (trigger.kind === 'comment' && trigger.commands) return trigger.permission ?? 'write';
  if (trigger.kind === 'review' && event.kind === 'review') return permissionToReview(trigger, event.action);
  return undefined;
}

/** Returns the status whose commit may be a fork's, which only the provider knows: that of the event, or of the event that its chain began with. */
export function suiteOf(event: HookyardEvent): (StatusEvent & { readonly checkSuite: string }) | undefined {
  const root = event.kind === 'chained' ? event.event : event;
  if (root.kind !== 'status' || !root.checkSuite) return undefined;
  return { ...root, checkSuite: root.checkSuite };
}

function isStrangers(event: HookyardEvent): boolean {
  return pullRequestEventOf(event)?.pullRequest.fork === true;
}

/** All of them have to: trust must not depend on which of them decided. */
function triggersTrust(triggers: readonly Trigger[]): boolean {
  return triggers.length > 0 && triggers.every((trigger) => 'forks' in trigger && trigger.forks === true);
}
