import { describe, isFromInside } from './about.js';
import type { Automation } from './automation.js';
import type { CommentEvent, HookyardEvent, PullRequestEvent, PushEvent, StatusEvent } from './event.js';
import { inList, notBot, notOwn, notSkipped, oneOf, type Refusal, shown, withLabels } from './filters.js';
import { includerOf } from './glob.js';
import {
  type CommentTrigger,
  NEW_CODE_ACTIONS,
  type PullRequestTrigger,
  type PushTrigger,
  type StatusTrigger,
  type Trigger,
} from './trigger.js';

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
  const refusals: string[] = [];
  let skips = false;
  for (const trigger of automation.on) {
    if (trigger.kind !== event.kind) continue;
    const elsewhere = isElsewhere(trigger, event);
    const refusal = elsewhere ?? refusalOf(trigger, event);
    if (refusal === undefined) return { runs: true, because: `${describe(event)}${note(trigger, event)}`, trigger };
    refusals.push(refusal);
    skips ||= elsewhere === undefined && maySkip(trigger, event);
  }
  if (refusals.length > 0) return { runs: false, because: refusals.join('; '), skips };
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

/** The first filter that says no. A trigger is only asked about events of its own kind. */
function refusalOf(trigger: Trigger, event: HookyardEvent): Refusal {
  switch (trigger.kind) {
    case 'push':
      return event.kind === 'push' ? byPush(trigger, event) : undefined;
    case 'tag':
      return event.kind === 'tag' ? inList('tag', event.tag, 'tags', trigger.tags) : undefined;
    case 'pull_request':
      return event.kind === 'pull_request' ? byPullRequest(trigger, event) : undefined;
    case 'comment':
      return event.kind === 'comment' ? byComment(trigger, event) : undefined;
    case 'review':
      return event.kind === 'review' ? oneOf('action', event.action, 'actions', trigger.actions) : undefined;
    case 'release':
      if (event.kind !== 'release') return undefined;
      return (
        oneOf('action', event.action, 'actions', trigger.actions ?? ['published']) ??
        inList('tag', event.tag, 'tags', trigger.tags) ??
        (trigger.prerelease === undefined || trigger.prerelease === event.prerelease
          ? undefined
          : `it is ${event.prerelease ? 'a' : 'no'} prerelease, and prerelease: ${trigger.prerelease} refuses that`)
      );
    case 'deployment':
      if (event.kind !== 'deployment') return undefined;
      return (
        oneOf('action', event.action, 'actions', trigger.actions ?? ['created']) ??
        inList('environment', event.environment, 'environments', trigger.environments)
      );
    case 'status':
      return event.kind === 'status' ? byStatus(trigger, event) : undefined;
    case 'generic':
      return event.kind === 'generic' ? inList('type', event.type, 'types', trigger.types) : undefined;
    case 'schedule':
    case 'manual':
      return undefined;
    case 'chained':
      if (event.kind !== 'chained') return undefined;
      return (
        oneOf('the automation that ended,', event.automation, 'completed', [trigger.automation]) ??
        oneOf('outcome', event.outcome, 'outcomes', trigger.outcomes ?? ['passed'])
      );
    default:
      return trigger satisfies never;
  }
}

function inRepository(trigger: Trigger, event: HookyardEvent): Refusal {
  if (!('repositories' in trigger || 'repository' in event) || event.kind === 'generic' || isFromInside(event))
    return undefined;
  const { repositories, bots, own } = trigger as { repositories?: readonly string[]; bots?: boolean; own?: boolean };
  return (
    inList('repository', event.repository.fullName, 'repositories', repositories) ??
    notBot(event.sender, bots) ??
    notOwn(event.sender, own)
  );
}

function byComment(trigger: CommentTrigger, event: CommentEvent): Refusal {
  const { commands } = trigger;
  const on = trigger.on ?? (commands && ['pull_request' as const]);
  return (
    oneOf('action', event.action, 'actions', trigger.actions ?? ['created']) ??
    oneOf('a comment on', event.on, 'on', on) ??
    (commands && byCommands(commands, event))
  );
}

function byCommands(wanted: readonly string[], { commands = [], sender, open }: CommentEvent): Refusal {
  if (commands.length === 0) return 'the comment holds no command';
  const names = commands.map(({ name }) => name);
  if (!names.some((name) => wanted.includes(name)))
    return `none of its commands ${JSON.stringify(names)} is in commands ${JSON.stringify(wanted)}`;
  if (sender.bot) return `"${sender.login}" is a bot, and bots give no commands`;
  return open === false ? 'the pull request is closed, and commands are for open ones' : undefined;
}

function byPush(trigger: PushTrigger, { branch, commit, changedFiles }: PushEvent): Refusal {
  return (
    inList('branch', branch, 'branches', trigger.branches) ??
    inList('author', commit.author, 'authors', trigger.authors) ??
    inList('message', commit.message?.split('\n', 1)[0], 'messages', trigger.messages) ??
    notSkipped('commit message', commit.message, trigger.skippable) ??
    byPaths(trigger.paths, changedFiles)
  );
}

function byPullRequest(trigger: PullRequestTrigger, event: PullRequestEvent): Refusal {
  const { base, head, author, title, labels } = event.pullRequest;
  return (
    byDraft(trigger, event) ??
    inList('base branch', base.ref, 'branches', trigger.branches) ??
    inList('head branch', head.ref, 'headBranches', trigger.headBranches) ??
    inList('author', author, 'authors', trigger.authors) ??
    inList('title', title, 'titles', trigger.titles) ??
    withLabels(labels, trigger) ??
    notSkipped('title', title, trigger.skippable) ??
    notSkipped('commit message', event.commit.message, trigger.skippable)
  );
}

function byAction(trigger: PullRequestTrigger, event: PullRequestEvent): Refusal {
  if (trigger.actions) return oneOf('action', event.action, 'actions', trigger.actions);
  if (NEW_CODE_ACTIONS.includes(event.action) || event.baseChanged) return undefined;
  return `action "${event.action}" brings no new code; name it in actions to run on it`;
}

function byDraft(trigger: PullRequestTrigger, event: PullRequestEvent): Refusal {
  if (trigger.draft === undefined || trigger.draft === event.pullRequest.draft) return undefined;
  return trigger.draft
    ? 'it is not a draft, and draft: true asks for one'
    : 'it is a draft, and draft: false refuses them';
}

function byStatus(trigger: StatusTrigger, event: StatusEvent): Refusal {
  const states = trigger.states ?? ['success', 'failure'];
  const own = !trigger.names && event.name.startsWith('hookyard/');
  return (
    oneOf('state', event.state, 'states', states) ??
    (own ? `"${event.name}" is a status of our own; name it in names to run on it` : undefined) ??
    inList('name', event.name, 'names', trigger.names) ??
    inList('branch', event.branch, 'branches', trigger.branches)
  );
}

function byPaths(paths: readonly string[] | undefined, files: readonly string[] | undefined): Refusal {
  if (!paths || !files || files.some(includerOf(paths))) return undefined;
  return `none of the ${files.length} changed files is in paths ${shown(paths)}`;
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
