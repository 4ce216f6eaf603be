import type { CommentEvent, HookyardEvent, PullRequestEvent, PushEvent } from '../events/event.js';
import { plain } from '../events/markdown.js';
import { match, needsApproval, openPaths } from '../events/match.js';
import type { CommentTrigger, Trigger } from '../events/trigger.js';
import { lookup, service } from './activities.js';
import { awaitApproval } from './approval.js';
import { reasonOf } from './failure.js';
import { story } from './story.js';

/** Whether the author's function runs; `event` is what it gets. */
export type Admission<E> =
  | { readonly admitted: true; readonly event: E }
  | { readonly admitted: false; because: string };

/**
 * What is asked before an automation's own work begins, because a receiver can't: which files changed, whether a
 * stranger's code was approved, whether who commented may give commands. A run that needs none of it asks nothing.
 */
export async function passGate<E extends HookyardEvent>(event: E, on: readonly Trigger[]): Promise<Admission<E>> {
  const complete = await withFullCommit(event);
  const agreeing = on.filter((trigger) => match({ on: [trigger] }, complete).runs);
  const paths = await byPaths(agreeing, complete);
  if ('because' in paths) return { admitted: false, because: paths.because };
  if (complete.kind === 'pull_request' && (!paths.trigger || needsApproval(paths.trigger, complete))) {
    if (complete.pullRequest.fork) {
      const because = await awaitApproval(complete);
      if (because !== undefined) return { admitted: false, because };
    }
  }
  if (complete.kind === 'comment') {
    const commanded = agreeing.find((trigger): trigger is CommentTrigger => 'commands' in trigger);
    const because = commanded && (await mayCommand(commanded, complete));
    if (because !== undefined) return { admitted: false, because };
  }
  return { admitted: true, event: complete };
}

/** Bitbucket Cloud names the commits of a pull request by their first 12 digits. */
async function withFullCommit<E extends HookyardEvent>(event: E): Promise<E> {
  if (event.kind !== 'pull_request' || event.commit.sha.length >= 40) return event;
  const { source, repository, pullRequest, commit } = event satisfies PullRequestEvent;
  const { sha } = await service.resolveCommit({
    source,
    repository: pullRequest.head.repository ?? repository.fullName,
    name: commit.sha,
  });
  if (sha === undefined) return event;
  return { ...event, commit: { ...commit, sha }, pullRequest: { ...pullRequest, head: { ...pullRequest.head, sha } } };
}

/** The first trigger whose path filter agrees. What can't be found out runs: nothing is skipped silently. */
async function byPaths(
  triggers: readonly Trigger[],
  event: HookyardEvent,
): Promise<{ trigger: Trigger | undefined } | { because: string }> {
  const open = triggers.flatMap((trigger) => {
    const paths = openPaths(trigger, event);
    return paths ? [{ trigger, paths }] : [];
  });
  const settled = triggers.find((trigger) => !openPaths(trigger, event));
  if (settled || open.length === 0) return { trigger: settled ?? triggers[0] };
  if (event.kind !== 'push' && event.kind !== 'pull_request') return { trigger: triggers[0] };
  const step = story.begin('Changed files');
  const { source, repository } = event;
  const found = await lookup
    .findChangedFiles({
      source,
      repository: repository.fullName,
      range: rangeOf(event),
      paths: open.map((o) => o.paths),
    })
    .catch((error) => ({ known: false as const, because: reasonOf(error) }));
  if (!found.known) {
    step.end('passed', `not known, so paths do not filter: ${plain(found.because)}`);
    return { trigger: open[0]?.trigger };
  }
  const hit = found.hits.findIndex((file) => file !== null);
  step.end('passed', `${found.count}${hit >= 0 ? `, ${plain(found.hits[hit] ?? '')} counts` : ', none counts'}`);
  if (hit >= 0) return { trigger: open[hit]?.trigger };
  return { because: `none of the ${found.count} changed files is in paths ${JSON.stringify(open[0]?.paths)}` };
}

function rangeOf(event: PushEvent | PullRequestEvent) {
  if (event.kind === 'pull_request') return { kind: 'pull_request', number: event.pullRequest.number } as const;
  // What a new or rewritten branch has changed, there is nothing to compare with.
  const isForward = event.before !== undefined && !event.created && !event.forced;
  return isForward ? ({ kind: 'push', before: event.before, after: event.commit.sha } as const) : undefined;
}

/** Why whoever commented may not give commands here; undefined if they may. The comment shows that it was seen. */
async function mayCommand(trigger: CommentTrigger, event: CommentEvent): Promise<string | undefined> {
  const { source, repository, sender, comment, number } = event;
  const { allowed, because } = await service.checkPermission({
    source,
    repository: repository.fullName,
    login: sender.login,
    ...(sender.id !== undefined && { id: sender.id }),
    atLeast: trigger.permission ?? 'write',
  });
  if (number !== undefined) {
    const reaction = allowed ? 'eyes' : '-1';
    await lookup
      .react({ source, repository: repository.fullName, number, commentId: comment.id, reaction })
      .catch(() => undefined);
  }
  return allowed ? undefined : because;
}
