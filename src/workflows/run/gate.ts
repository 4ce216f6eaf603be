import type { CommentEvent, HookyardEvent, PullRequestEvent, PushEvent } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import type { CommandPermission, Preconditions, RunOptions } from '../../runs/options.js';
import { concerns } from '../../triggers/match.js';
import { preconditionsOf, pullRequestEventOf } from '../../triggers/preconditions.js';
import type { Trigger } from '../../triggers/trigger.js';
import { lookup, service } from './activities.js';
import { awaitApproval } from './approval.js';
import { reasonOf } from './failure.js';
import { story } from './progress.js';

/** Whether the author's function runs; `event` is what it gets. */
export type Admission<E> = { readonly admitted: true; readonly event: E } | Refused;

export interface Refused {
  readonly admitted: false;
  readonly because: string;
  /** By a filter: there was nothing to do, and whoever waits for its checks may go on. */
  readonly filtered: boolean;
}

/**
 * What is asked before an automation's own work begins, because a receiver can't: which files changed, whether a
 * stranger's code was approved, whether who commented may give commands. A run that needs none of it asks nothing.
 *
 * The receiver has settled what there is to ask. Only a run that somebody starts by himself has to find out here.
 */
export async function passGate<E extends HookyardEvent>(
  event: E,
  { on, checks, how }: { on: readonly Trigger[]; checks: readonly string[]; how: RunOptions | undefined },
): Promise<Admission<E>> {
  if (how?.skip !== undefined) return refused(how.skip, true);
  if (!on.some((trigger) => concerns(trigger, event)))
    return refused('none of its triggers listens to such events of this source and repository', false);
  const preconditions: Preconditions = how?.asks ?? preconditionsOf({ on }, event);
  const complete = isAbbreviated(event) ? await withFullCommit(event) : event;
  const unmatched = preconditions.paths && (await byPaths(preconditions.paths, complete));
  if (unmatched !== undefined) return refused(unmatched, true);
  const pullRequest = pullRequestEventOf(complete);
  if (preconditions.approval && pullRequest) {
    const missing = await awaitApproval(pullRequest, checks);
    if (missing !== undefined) return refused(missing, false);
  }
  if (complete.kind === 'comment' && (preconditions.permission || complete.commands)) {
    const because = await mayCommand(preconditions.permission ?? 'write', complete);
    if (because !== undefined) return refused(because, false);
  }
  return { admitted: true, event: complete };
}

function refused(because: string, filtered: boolean): Refused {
  return { admitted: false, because, filtered };
}

/** Bitbucket Cloud names the commits of a pull request by their first 12 digits. */
function isAbbreviated<E extends HookyardEvent>(event: E): event is E & PullRequestEvent {
  return event.kind === 'pull_request' && event.commit.sha.length < 40;
}

async function withFullCommit<E extends PullRequestEvent>(event: E): Promise<E> {
  const { source, repository, pullRequest, commit } = event;
  const { sha } = await service.resolveCommit({
    source,
    repository: pullRequest.head.repository ?? repository.fullName,
    name: commit.sha,
  });
  if (sha === undefined) return event;
  return { ...event, commit: { ...commit, sha }, pullRequest: { ...pullRequest, head: { ...pullRequest.head, sha } } };
}

/** Why no path filter lets the event in. What can't be found out runs: nothing is skipped silently. */
async function byPaths(paths: readonly (readonly string[])[], event: HookyardEvent): Promise<string | undefined> {
  if (event.kind !== 'push' && event.kind !== 'pull_request') return undefined;
  const step = story.begin('Changed files');
  const found = await lookup
    .findChangedFiles({ source: event.source, repository: event.repository.fullName, range: rangeOf(event), paths })
    .catch((error) => ({ known: false as const, because: reasonOf(error) }));
  if (!found.known) {
    step.end('passed', `not known, so paths do not filter: ${plain(found.because)}`);
    return undefined;
  }
  const hit = found.hits.find((file) => file !== null);
  step.end('passed', `${found.count}${hit ? `, ${plain(hit)} counts` : ', none counts'}`);
  if (hit) return undefined;
  return `none of the ${found.count} changed files is in paths ${paths.map((list) => JSON.stringify(list)).join(' or ')}`;
}

function rangeOf(event: PushEvent | PullRequestEvent) {
  if (event.kind === 'pull_request') return { kind: 'pull_request', number: event.pullRequest.number } as const;
  // What a new or rewritten branch has changed, there is nothing to compare with.
  const isForward = event.before !== undefined && !event.created && !event.forced;
  return isForward ? ({ kind: 'push', before: event.before, after: event.commit.sha } as const) : undefined;
}

/** Why whoever commented may not give commands here; undefined if they may. The comment shows that it was seen. */
async function mayCommand(atLeast: CommandPermission, event: CommentEvent): Promise<string | undefined> {
  const { source, repository, sender, comment, number } = event;
  const { allowed, because } = await service.checkPermission({
    source,
    repository: repository.fullName,
    login: sender.login,
    ...(sender.id !== undefined && { id: sender.id }),
    atLeast,
  });
  if (number !== undefined) {
    const reaction = allowed ? 'eyes' : '-1';
    await lookup
      .react({ source, repository: repository.fullName, number, commentId: comment.id, reaction })
      .catch(() => undefined);
  }
  return allowed ? undefined : because;
}
