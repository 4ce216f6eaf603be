import { describe } from './about.js';
import type { Automation } from './automation.js';
import type { HookyardEvent, PullRequestEvent, PushEvent, RepositoryEvent, StatusEvent } from './event.js';
import { inList, notBot, notSkipped, oneOf, type Refusal, withLabels } from './filters.js';
import { included } from './glob.js';
import {
  NEW_CODE_ACTIONS,
  type PullRequestTrigger,
  type PushTrigger,
  type StatusTrigger,
  type Trigger,
} from './trigger.js';

/** Whether an automation runs for an event, and the sentence that says why or why not. */
export interface Match {
  readonly runs: boolean;
  readonly because: string;
}

/**
 * Tries an automation's triggers in order; the first that agrees wins. A refusal names the filter that decided: that
 * of the trigger which listens to this kind of event, or the kinds it listens to if none does.
 */
export function match(automation: Automation, event: HookyardEvent): Match {
  const refusals: string[] = [];
  for (const trigger of automation.on) {
    if (trigger.kind !== event.kind) continue;
    const refusal = refusalOf(trigger, event);
    if (refusal === undefined) return { runs: true, because: `${describe(event)}${pathNote(trigger, event)}` };
    refusals.push(refusal);
  }
  if (refusals.length > 0) return { runs: false, because: refusals.join('; ') };
  const kinds = automation.on.map((trigger) => trigger.kind).join(', ');
  return { runs: false, because: `listens to ${kinds}, and this is ${event.kind}` };
}

/** The first filter that says no. A trigger is only asked about events of its own kind. */
function refusalOf(trigger: Trigger, event: HookyardEvent): Refusal {
  const general = oneOf('source', event.source, 'sources', trigger.sources) ?? inRepository(trigger, event);
  if (general !== undefined) return general;
  switch (trigger.kind) {
    case 'push':
      return event.kind === 'push' ? byPush(trigger, event) : undefined;
    case 'tag':
      return event.kind === 'tag' ? inList('tag', event.tag, 'tags', trigger.tags) : undefined;
    case 'pull_request':
      return event.kind === 'pull_request' ? byPullRequest(trigger, event) : undefined;
    case 'comment':
      if (event.kind !== 'comment') return undefined;
      return (
        oneOf('action', event.action, 'actions', trigger.actions ?? ['created']) ??
        oneOf('a comment on', event.on, 'on', trigger.on)
      );
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
    default:
      return trigger satisfies never;
  }
}

function inRepository(trigger: Trigger, event: HookyardEvent): Refusal {
  if (trigger.kind === 'generic' || event.kind === 'generic') return undefined;
  const { fullName } = (event satisfies RepositoryEvent).repository;
  return inList('repository', fullName, 'repositories', trigger.repositories) ?? notBot(event.sender, trigger.bots);
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
    byAction(trigger, event) ??
    byDraft(trigger, event) ??
    byFork(trigger, event) ??
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

function byFork(trigger: PullRequestTrigger, { pullRequest }: PullRequestEvent): Refusal {
  if (!pullRequest.fork || trigger.forks) return undefined;
  return `its head is in the fork ${pullRequest.head.repository ?? '(deleted)'}, and forks run only with forks: true`;
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
  if (!paths || !files || files.some((file) => included(file, paths))) return undefined;
  return `none of the ${files.length} changed files is in paths ${JSON.stringify(paths)}`;
}

/** What a path filter has to say about an event that it let through. */
function pathNote(trigger: Trigger, event: HookyardEvent): string {
  const paths = 'paths' in trigger ? trigger.paths : undefined;
  if (!paths) return '';
  const files = event.kind === 'push' ? event.changedFiles : undefined;
  if (!files) return '; which files changed is not known, so paths did not filter';
  return `; changed file "${files.find((file) => included(file, paths))}" is in paths`;
}
