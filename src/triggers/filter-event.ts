import type {
  CommentEvent,
  HookyardEvent,
  MergeGroupEvent,
  PullRequest,
  PullRequestEvent,
  PushEvent,
  StatusEvent,
} from '../events/event.js';
import { subjectOf } from '../events/subject-of.js';
import { isOwnContext } from '../runs/status-context.js';
import {
  anyInList,
  type FilterReason,
  inList,
  inTexts,
  notFork,
  notSkipped,
  oneOf,
  shown,
  withLabels,
} from './filters.js';
import { included, includerOf, startsFromAll } from './glob.js';
import type { CommentTrigger } from './kinds/comment.js';
import type { MergeGroupTrigger } from './kinds/merge-group.js';
import { NEW_CODE_ACTIONS, type PullRequestTrigger } from './kinds/pull-request.js';
import type { PushTrigger } from './kinds/push.js';
import type { StatusTrigger } from './kinds/status.js';
import type { Trigger } from './trigger.js';

/** Returns why a trigger's own filters keep out an event of its kind; undefined where they let it in. */
export function filterEvent(trigger: Trigger, event: HookyardEvent): FilterReason {
  switch (trigger.kind) {
    case 'push':
      return event.kind === 'push' ? byPush(trigger, event) : undefined;
    case 'tag':
      return event.kind === 'tag' ? inList('tag', event.tag, 'tags', trigger.tags) : undefined;
    case 'pull_request':
      return event.kind === 'pull_request' ? byPullRequest(trigger, event) : undefined;
    case 'merge_group':
      return event.kind === 'merge_group' ? byMergeGroup(trigger, event) : undefined;
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
        notFork(event, trigger.forks) ??
        oneOf('action', event.action, 'actions', trigger.actions ?? ['created']) ??
        inTexts('environment', event.environment, 'environments', trigger.environments)
      );
    case 'status':
      return event.kind === 'status' ? byStatus(trigger, event) : undefined;
    case 'generic':
      return event.kind === 'generic' ? inTexts('type', event.type, 'types', trigger.types) : undefined;
    case 'branch_deleted':
    case 'schedule':
    case 'manual':
      return undefined;
    case 'chained':
      if (event.kind !== 'chained') return undefined;
      return (
        oneOf('the automation that ended,', event.automation, 'completed', [trigger.automation]) ??
        oneOf('outcome', event.outcome, 'outcomes', trigger.outcomes ?? ['passed']) ??
        notFork(event.event, trigger.forks)
      );
    default:
      return trigger satisfies never;
  }
}

function byComment(trigger: CommentTrigger, event: CommentEvent): FilterReason {
  const { commands } = trigger;
  const on = trigger.on ?? (commands && ['pull_request' as const]);
  return (
    oneOf('action', event.action, 'actions', trigger.actions ?? ['created']) ??
    oneOf('a comment on', event.on, 'on', on) ??
    (commands && byCommands(commands, event))
  );
}

function byCommands(wanted: readonly string[], { commands = [], sender, open }: CommentEvent): FilterReason {
  if (commands.length === 0) return 'the comment holds no command';
  const names = commands.map(({ name }) => name);
  if (!names.some((name) => wanted.includes(name)))
    return `none of its commands ${JSON.stringify(names)} is in commands ${JSON.stringify(wanted)}`;
  if (sender.bot) return `"${sender.login}" is a bot, and bots give no commands`;
  return open === false ? 'the pull request is closed, and commands are for open ones' : undefined;
}

function byPush(trigger: PushTrigger, event: PushEvent): FilterReason {
  const { branch, commit, changedFiles } = event;
  return (
    notOfQueue(event, trigger.branches) ??
    inList('branch', branch, 'branches', trigger.branches) ??
    inTexts('author', commit.author, 'authors', trigger.authors) ??
    inTexts('message', subjectOf(commit.message ?? ''), 'messages', trigger.messages) ??
    notSkipped('commit message', commit.message, trigger.skippable) ??
    byPaths(trigger.paths, changedFiles)
  );
}

/** Filters pushes to a merge queue's own branches, unless a pattern of `branches` names those that it is about. */
function notOfQueue({ branch, mergeQueue }: PushEvent, branches: readonly string[] = []): FilterReason {
  if (!mergeQueue) return undefined;
  const [queue = ''] = branch.split('/', 1);
  const naming = branches.filter((pattern) => pattern.startsWith('!') || pattern.includes(queue));
  if (!startsFromAll(naming) && included(branch, naming)) return undefined;
  return `"${branch}" is a merge queue's own branch: mergeGroup() runs on what the queue asks for, and "${queue}/**" in branches on the push`;
}

function byMergeGroup(trigger: MergeGroupTrigger, event: MergeGroupEvent): FilterReason {
  return (
    oneOf('action', event.action, 'actions', trigger.actions ?? ['checks_requested']) ?? byMergeTarget(trigger, event)
  );
}

/** Filters a merge group by what its queue has given it: where it is merged. */
export function byMergeTarget({ branches }: MergeGroupTrigger, { base }: MergeGroupEvent): FilterReason {
  return inList('base branch', base.ref, 'branches', branches);
}

function byPullRequest(trigger: PullRequestTrigger, event: PullRequestEvent): FilterReason {
  return byGiven(trigger, event) ?? byAuthorsChoice(trigger, event);
}

/** Filters by what the author of a pull request can't choose without changing where it is merged, or who they are. */
export function byGiven(trigger: PullRequestTrigger, { pullRequest }: PullRequestEvent): FilterReason {
  return byBase(pullRequest, trigger.branches) ?? inTexts('author', pullRequest.author, 'authors', trigger.authors);
}

/** Filters by the branch that a pull request is merged into: by that of its stack too, where it is in one. */
function byBase({ base, stack }: PullRequest, branches: readonly string[] | undefined): FilterReason {
  const reason = inList('base branch', base.ref, 'branches', branches);
  if (reason === undefined || !branches || !stack) return reason;
  if (included(stack.base.ref, branches)) return undefined;
  return `neither "${base.ref}" nor "${stack.base.ref}", the base branches of it and of its stack, is in branches ${shown(branches)}`;
}

function byAuthorsChoice(trigger: PullRequestTrigger, event: PullRequestEvent): FilterReason {
  const { head, title, labels } = event.pullRequest;
  return (
    byDraft(trigger, event) ??
    inList('head branch', head.ref, 'headBranches', trigger.headBranches) ??
    inTexts('title', title, 'titles', trigger.titles) ??
    withLabels(labels, trigger) ??
    notSkipped('title', title, trigger.skippable) ??
    notSkipped('commit message', event.commit.message, trigger.skippable)
  );
}

/** Filters by a pull request's action: by default those that bring no new code. A changed base is an edit, whatever is told with it. */
export function byAction(trigger: PullRequestTrigger, event: PullRequestEvent): FilterReason {
  if (event.baseChanged && trigger.actions?.includes('edited')) return undefined;
  if (trigger.actions) return oneOf('action', event.action, 'actions', trigger.actions);
  if (NEW_CODE_ACTIONS.includes(event.action) || event.baseChanged) return undefined;
  return `action "${event.action}" brings no new code; name it in actions to run on it`;
}

/** Filters by the option `draft`. */
function byDraft(trigger: PullRequestTrigger, event: PullRequestEvent): FilterReason {
  if (trigger.draft === undefined || trigger.draft === event.pullRequest.draft) return undefined;
  return trigger.draft
    ? 'it is not a draft, and draft: true asks for one'
    : 'it is a draft, and draft: false refuses them';
}

function byStatus(trigger: StatusTrigger, event: StatusEvent): FilterReason {
  const states = trigger.states ?? ['success', 'failure'];
  const own = !trigger.names && isOwnContext(event.name);
  return (
    notFork(event, trigger.forks) ??
    oneOf('state', event.state, 'states', states) ??
    (own ? `"${event.name}" is a status of our own; name it in names to run on it` : undefined) ??
    inTexts('name', event.name, 'names', trigger.names) ??
    anyInList('branch', event.branches ?? [event.branch], 'branches', trigger.branches)
  );
}

function byPaths(paths: readonly string[] | undefined, files: readonly string[] | undefined): FilterReason {
  if (!paths || !files || files.some(includerOf(paths))) return undefined;
  if (files.length === 0 && startsFromAll(paths)) return undefined;
  return `none of the ${files.length} changed files is in paths ${shown(paths)}`;
}
