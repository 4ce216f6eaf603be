import { describe, isInternal } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import type { Automation } from './automation.js';
import { inList, notBot, notOwn, oneOf, type Refusal } from './filters.js';
import { includerOf } from './glob.js';
import { byAction, byDraft, refusalOf } from './refusals.js';
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
      /** It is about new code of a pull request that the automation looks at, and only a filter of its own said no. */
      readonly skips: boolean;
    };

/**
 * Tries an automation's triggers in order; the first that agrees wins. A refusal names the filter that decided: that
 * of the trigger which listens to this kind of event, or the kinds it listens to if none does.
 */
export function match(automation: Pick<Automation, 'on'>, event: HookyardEvent): Match {
  let refusals: string | undefined;
  let skips = false;
  for (const trigger of automation.on) {
    if (trigger.kind !== event.kind) continue;
    const elsewhere = isElsewhere(trigger, event);
    const refusal = elsewhere ?? refusalOf(trigger, event);
    if (refusal === undefined) return { runs: true, because: `${describe(event)}${note(trigger, event)}`, trigger };
    refusals = refusals === undefined ? refusal : `${refusals}; ${refusal}`;
    skips ||= elsewhere === undefined && maySkip(trigger, event);
  }
  if (refusals !== undefined) return { runs: false, because: refusals, skips };
  return deafTo(automation.on, event.kind);
}

/** Most automations have nothing to do with most deliveries: what is said of it is made once. */
const deaf = new WeakMap<readonly Trigger[], Map<string, Match>>();

function deafTo(on: readonly Trigger[], kind: string): Match {
  const answers = deaf.get(on) ?? new Map<string, Match>();
  deaf.set(on, answers);
  const known = answers.get(kind);
  if (known) return known;
  const kinds = on.map((trigger) => trigger.kind).join(', ');
  const made = { runs: false, because: `listens to ${kinds}, and this is ${kind}`, skips: false } as const;
  answers.set(kind, made);
  return made;
}

/** The path filter that could not be asked yet: the event does not say which files changed. */
export function openPaths(trigger: Trigger, event: HookyardEvent): readonly string[] | undefined {
  if (trigger.kind === 'push' && event.kind === 'push' && !event.changedFiles) return trigger.paths;
  return trigger.kind === 'pull_request' && event.kind === 'pull_request' ? trigger.paths : undefined;
}

/** Whether a trigger listens to such events of this source and repository at all, whatever its filters say. */
export function concerns(trigger: Trigger, event: HookyardEvent): boolean {
  return (
    trigger.kind === event.kind && bySource(trigger, event) === undefined && inRepository(trigger, event) === undefined
  );
}

/**
 * Whether a refusal may be told to a merge that waits: a check that says it was skipped lets it go on. Strangers could
 * choose their title so that a filter refuses it; and a draft is not merged anyway.
 */
function maySkip(trigger: Trigger, event: HookyardEvent): boolean {
  if (trigger.kind !== 'pull_request' || event.kind !== 'pull_request') return false;
  return !event.pullRequest.fork && byDraft(trigger, event) === undefined;
}

function bySource(trigger: Trigger, event: HookyardEvent): Refusal {
  return 'sources' in trigger ? oneOf('source', event.source, 'sources', trigger.sources) : undefined;
}

/** Why a trigger has nothing to do with an event, before its filters are asked. */
function isElsewhere(trigger: Trigger, event: HookyardEvent): Refusal {
  return (
    bySource(trigger, event) ??
    inRepository(trigger, event) ??
    (trigger.kind === 'pull_request' && event.kind === 'pull_request' ? byAction(trigger, event) : undefined)
  );
}

function inRepository(trigger: Trigger, event: HookyardEvent): Refusal {
  if (!('repositories' in trigger || 'repository' in event) || event.kind === 'generic' || isInternal(event))
    return undefined;
  const { repositories, bots, own } = trigger as { repositories?: readonly string[]; bots?: boolean; own?: boolean };
  return (
    inList('repository', event.repository.fullName, 'repositories', repositories) ??
    notBot(event.sender, bots) ??
    notOwn(event.sender, own)
  );
}

/** What there is to say about an event that a trigger let through. */
function note(trigger: Trigger, event: HookyardEvent): string {
  return `${forkNote(trigger, event)}${pathNote(trigger, event)}`;
}

function forkNote(trigger: Trigger, event: HookyardEvent): string {
  if (event.kind !== 'pull_request' || !event.pullRequest.fork || ('forks' in trigger && trigger.forks)) return '';
  return `; its head is in the fork ${event.pullRequest.head.repository ?? '(deleted)'}: waits for approval`;
}

function pathNote(trigger: Trigger, event: HookyardEvent): string {
  const paths = 'paths' in trigger ? trigger.paths : undefined;
  if (!paths) return '';
  if (openPaths(trigger, event)) return '; the provider is asked which files changed before it begins';
  const files = event.kind === 'push' ? (event.changedFiles ?? []) : [];
  return `; changed file "${files.find(includerOf(paths))}" is in paths`;
}
