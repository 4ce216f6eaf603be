import { isInternal } from '../events/accessors.js';
import { describe } from '../events/describe.js';
import type { HookyardEvent } from '../events/event.js';
import type { Automation } from './automation.js';
import { byAction, byGiven, byMergeTarget, filterEvent } from './filter-event.js';
import { type FilterReason, inList, notBot, notOwn, oneOf } from './filters.js';
import { included, includerOf } from './glob.js';
import type { PullRequestTrigger } from './kinds/pull-request.js';
import type { Trigger } from './trigger.js';

/** Whether an automation runs for an event, and the sentence that says why or why not. */
export type Match =
  | {
      readonly runs: true;
      readonly because: string;
      readonly trigger: Trigger;
    }
  | {
      readonly runs: false;
      readonly because: string;
      /**
       * Filters that the author of a pull request has no hand in kept the automation from its new code, or from what a merge
       * queue wants to merge: its checks are reported as skipped, which lets a merge go ahead.
       */
      readonly skips: boolean;
    };

/**
 * Tries an automation's triggers in order; the first that agrees wins. Otherwise `because` names the filters that
 * decided, of the triggers that listen to this kind of event; or the kinds that they listen to if none does.
 */
export function match(automation: Pick<Automation, 'on'>, event: HookyardEvent): Match {
  let reasons: string | undefined;
  let skips: boolean | undefined;
  for (const trigger of automation.on) {
    if (trigger.kind !== event.kind) continue;
    const elsewhere = isElsewhere(trigger, event);
    const reason = elsewhere ?? filterEvent(trigger, event);
    if (reason === undefined) return { runs: true, because: `${describe(event)}${note(trigger, event)}`, trigger };
    reasons = reasons === undefined ? reason : `${reasons}; ${reason}`;
    if (elsewhere === undefined) skips = skips !== false && maySkip(trigger, event);
  }
  if (reasons !== undefined) return { runs: false, because: reasons, skips: skips === true };
  return listensToOthers(automation.on, event.kind);
}

/** By kind of event. Most automations have nothing to do with most deliveries, so their match is made once. */
const mismatches = new WeakMap<readonly Trigger[], Map<string, Match>>();

function listensToOthers(on: readonly Trigger[], kind: string): Match {
  const byKind = mismatches.get(on) ?? new Map<string, Match>();
  mismatches.set(on, byKind);
  const known = byKind.get(kind);
  if (known) return known;
  const kinds = [...new Set(on.map((trigger) => trigger.kind))].join(', ');
  const made = { runs: false, because: `listens to ${kinds}, and this is ${kind}`, skips: false } as const;
  byKind.set(kind, made);
  return made;
}

/** Returns the path filter that is still open, because the event does not say which files changed. */
export function openPaths(trigger: Trigger, event: HookyardEvent): readonly string[] | undefined {
  if (trigger.kind === 'push' && event.kind === 'push' && !event.changedFiles) return trigger.paths;
  return trigger.kind === 'pull_request' && event.kind === 'pull_request' ? trigger.paths : undefined;
}

/** Returns whether a trigger listens to such events of this source and repository, whatever its other filters say. */
export function concerns(trigger: Trigger, event: HookyardEvent): boolean {
  return (
    trigger.kind === event.kind && bySource(trigger, event) === undefined && inRepository(trigger, event) === undefined
  );
}

/**
 * Returns whether a trigger that refuses an event lets its checks be reported as skipped. Not where it refuses what the
 * author of the change chose (a title, a label, a skip marker, the name of the branch, a draft): that would let everybody
 * pass a required check without it. Not for forks at all.
 */
function maySkip(trigger: Trigger, event: HookyardEvent): boolean {
  if (trigger.kind === 'merge_group' && event.kind === 'merge_group')
    return event.action === 'checks_requested' && byMergeTarget(trigger, event) !== undefined;
  if (trigger.kind !== 'pull_request' || event.kind !== 'pull_request') return false;
  const { fork, author } = event.pullRequest;
  // An author who is not known may be one of the list: then this is code that the checks are for.
  return !fork && byGiven(author === undefined ? ofAnyAuthor(trigger) : trigger, event) !== undefined;
}

function ofAnyAuthor({ authors: _, ...others }: PullRequestTrigger): PullRequestTrigger {
  return others;
}

function bySource(trigger: Trigger, event: HookyardEvent): FilterReason {
  return 'sources' in trigger ? oneOf('source', event.source, 'sources', trigger.sources) : undefined;
}

/** Returns why a trigger has nothing to do with an event, whatever its other filters say. */
export function isElsewhere(trigger: Trigger, event: HookyardEvent): FilterReason {
  return (
    bySource(trigger, event) ??
    inRepository(trigger, event) ??
    (trigger.kind === 'pull_request' && event.kind === 'pull_request' ? byAction(trigger, event) : undefined)
  );
}

function inRepository(trigger: Trigger, event: HookyardEvent): FilterReason {
  if (!('repositories' in trigger || 'repository' in event) || event.kind === 'generic' || isInternal(event))
    return undefined;
  const { repositories, bots, own } = trigger as { repositories?: readonly string[]; bots?: boolean; own?: boolean };
  return (
    inList('repository', event.repository.fullName, 'repositories', repositories) ??
    notBot(event.sender, bots) ??
    notOwn(event.sender, own)
  );
}

const ORIGIN_NOTE = '; the provider is asked whether its commit is of a fork before it begins';

/** Returns what is added to the sentence about an event that a trigger let through. */
function note(trigger: Trigger, event: HookyardEvent): string {
  const asks = event.kind === 'status' && event.checkSuite !== undefined && !('forks' in trigger && trigger.forks);
  return `${asks ? ORIGIN_NOTE : ''}${stackNote(trigger, event)}${forkNote(trigger, event)}${pathNote(trigger, event)}`;
}

function stackNote(trigger: Trigger, event: HookyardEvent): string {
  if (trigger.kind !== 'pull_request' || event.kind !== 'pull_request') return '';
  const { base, stack } = event.pullRequest;
  if (!trigger.branches || !stack || included(base.ref, trigger.branches)) return '';
  return `; "${stack.base.ref}", the base branch of its stack, is in branches`;
}

function forkNote(trigger: Trigger, event: HookyardEvent): string {
  if (event.kind !== 'pull_request' || !event.pullRequest.fork || ('forks' in trigger && trigger.forks)) return '';
  const { repository = '(deleted)' } = event.pullRequest.head;
  // Everybody may push a head that is not a branch: to `refs/for/main` of Gitea, for example.
  if (repository === event.repository.fullName)
    return `; its head is not a branch of ${repository}: waits for approval`;
  return `; its head is in the fork ${repository}: waits for approval`;
}

function pathNote(trigger: Trigger, event: HookyardEvent): string {
  const paths = 'paths' in trigger ? trigger.paths : undefined;
  if (!paths) return '';
  if (openPaths(trigger, event)) return '; the provider is asked which files changed before it begins';
  const files = event.kind === 'push' ? (event.changedFiles ?? []) : [];
  const file = files.find(includerOf(paths));
  return file === undefined
    ? '; no file is changed, and paths takes none away'
    : `; changed file "${file}" is in paths`;
}
