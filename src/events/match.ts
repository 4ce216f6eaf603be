import type { Automation } from './automation.js';
import { describe, type HookyardEvent, type PullRequestEvent, type PushEvent, type TagEvent } from './event.js';
import { included } from './glob.js';
import {
  NEW_CODE_ACTIONS,
  type PullRequestTrigger,
  type PushTrigger,
  type TagTrigger,
  type Trigger,
} from './trigger.js';

/** Whether an automation runs for an event, and the sentence that says why or why not. */
export interface Match {
  readonly runs: boolean;
  readonly because: string;
}

const yes = (because: string): Match => ({ runs: true, because });
const no = (because: string): Match => ({ runs: false, because });

/**
 * Tries an automation's triggers in order; the first that agrees wins. A refusal names the filter that decided: that
 * of the trigger which listens to this kind of event, or the kinds it listens to if none does.
 */
export function match(automation: Automation, event: HookyardEvent): Match {
  const refusals: string[] = [];
  for (const trigger of automation.on) {
    const answer = matchTrigger(trigger, event);
    if (answer?.runs) return answer;
    if (answer) refusals.push(answer.because);
  }
  if (refusals.length > 0) return no(refusals.join('; '));
  return no(`listens to ${automation.on.map((t) => t.kind).join(', ')}, and this is ${event.kind}`);
}

/** Undefined when the trigger does not listen to this kind of event at all. */
function matchTrigger(trigger: Trigger, event: HookyardEvent): Match | undefined {
  if (trigger.kind === 'push' && event.kind === 'push') return matchPush(trigger, event);
  if (trigger.kind === 'tag' && event.kind === 'tag') return matchTag(trigger, event);
  if (trigger.kind === 'pull_request' && event.kind === 'pull_request') return matchPullRequest(trigger, event);
  return undefined;
}

function matchPush(trigger: PushTrigger, event: PushEvent): Match {
  return (
    refuseByList('repository', event.repository.fullName, 'repositories', trigger.repositories) ??
    refuseByList('branch', event.branch, 'branches', trigger.branches) ??
    byPaths(trigger.paths, event.changedFiles, event)
  );
}

function matchTag(trigger: TagTrigger, event: TagEvent): Match {
  return (
    refuseByList('repository', event.repository.fullName, 'repositories', trigger.repositories) ??
    refuseByList('tag', event.tag, 'tags', trigger.tags) ??
    yes(describe(event))
  );
}

function matchPullRequest(trigger: PullRequestTrigger, event: PullRequestEvent): Match {
  return (
    refuseByList('repository', event.repository.fullName, 'repositories', trigger.repositories) ??
    refuseByAction(trigger, event) ??
    refuseByDraft(trigger, event) ??
    refuseFork(trigger, event) ??
    refuseByList('base branch', event.pullRequest.base.ref, 'branches', trigger.branches) ??
    byPaths(trigger.paths, undefined, event)
  );
}

function refuseByList(
  what: string,
  text: string,
  option: string,
  patterns: readonly string[] | undefined,
): Match | undefined {
  if (!patterns || included(text, patterns)) return undefined;
  return no(`${what} "${text}" is not in ${option} ${JSON.stringify(patterns)}`);
}

function refuseByAction(trigger: PullRequestTrigger, event: PullRequestEvent): Match | undefined {
  if (trigger.actions) {
    if (trigger.actions.includes(event.action)) return undefined;
    return no(`action "${event.action}" is not in actions ${JSON.stringify(trigger.actions)}`);
  }
  if (NEW_CODE_ACTIONS.includes(event.action) || event.baseChanged) return undefined;
  return no(`action "${event.action}" brings no new code; name it in actions to run on it`);
}

function refuseByDraft(trigger: PullRequestTrigger, event: PullRequestEvent): Match | undefined {
  if (trigger.draft === undefined || trigger.draft === event.pullRequest.draft) return undefined;
  return trigger.draft
    ? no('it is not a draft, and draft: true asks for one')
    : no('it is a draft, and draft: false refuses them');
}

function refuseFork(trigger: PullRequestTrigger, event: PullRequestEvent): Match | undefined {
  if (!event.pullRequest.fork || trigger.forks) return undefined;
  return no(
    `its head is in the fork ${event.pullRequest.head.repository ?? '(deleted)'}, and forks run only with forks: true`,
  );
}

function byPaths(
  paths: readonly string[] | undefined,
  files: readonly string[] | undefined,
  event: HookyardEvent,
): Match {
  if (!paths) return yes(describe(event));
  if (!files) return yes(`${describe(event)}; which files changed is not known, so paths did not filter`);
  const hit = files.find((file) => included(file, paths));
  if (hit !== undefined) return yes(`${describe(event)}; changed file "${hit}" is in paths`);
  return no(`none of the ${files.length} changed files is in paths ${JSON.stringify(paths)}`);
}
