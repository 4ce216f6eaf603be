import { isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type {
  CommentEvent,
  HookyardEvent,
  PullRequestEvent,
  PushEvent,
  ReviewEvent,
  Sender,
} from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import { COMMANDS_WORKFLOW } from '../../runs/names.js';
import type { CommandPermission, Preconditions, RunOptions } from '../../runs/options.js';
import { FORKS_STATUS, skippedInWords } from '../../triggers/filters.js';
import { concerns } from '../../triggers/match.js';
import { preconditionsOf, pullRequestEventOf, skippedBeside, suiteOf } from '../../triggers/preconditions.js';
import type { Trigger } from '../../triggers/trigger.js';
import { lookup, provider } from './activities.js';
import { awaitApproval } from './approval.js';
import { answersOf } from './asked-people.js';
import { reasonOf } from './failure.js';
import { type GateAnswer, type Refused, refused } from './gate-answer.js';
import { ofAuthor, withAuthor } from './named-author.js';
import { progress } from './progress.js';
import { isUnpeeled, withTagCommit } from './tag-commit.js';

const REVIEW_PERMISSION = 'review-permission';
const ANSWERS_UNASKABLE = 'answer-unaskable-permission';
const ANSWERS_WHERE_NONE_TELLS = 'answer-where-no-api-tells-permissions';
const LETS_IN_ASKED = 'let-in-asked-people';
const PASSES_OVER_UNNAMED = 'pass-over-what-no-trigger-names';
const ASKS_FOR_AUTHOR = 'ask-for-author';
const HEEDS_MARKERS_BESIDE = 'heed-markers-beside-paths';

/**
 * Decides whether a run's function is called, by its preconditions: who the author is, which files changed, whether a
 * stranger's code was approved, whether whoever commented or reviewed may do so. The receiver settled which of them there
 * are; only a run that somebody started without it has to find out here. A run without preconditions calls no activity.
 * `begun`: the function runs already, and waits for this event.
 */
export async function passGate<E extends HookyardEvent>(
  event: E,
  {
    on,
    checks,
    how,
    begun,
  }: { on: readonly Trigger[]; checks: readonly string[]; how: RunOptions | undefined; begun?: true },
): Promise<GateAnswer<E>> {
  if (how?.skip !== undefined) return refused(how.skip, true);
  if (!on.some((trigger) => concerns(trigger, event)))
    return refused('none of its triggers listens to such events of this source and repository', false);
  const asked: Preconditions = how?.asks ?? preconditionsOf({ on }, event);
  // Runs that an older version began wait for the approval that comes with it.
  const lists = asked.author && patched(ASKS_FOR_AUTHOR) ? asked.author : undefined;
  const named = lists ? await withAuthor(event, lists) : ({ admitted: true, event } as const);
  if (!named.admitted) return named;
  const preconditions = lists?.each ? ofAuthor(asked, lists, named.event) : asked;
  const complete = await withKnownCommit(named.event);
  // Before the paths: what its author chose leaves required checks as they are.
  const marked = preconditions.skipMarker && (await bySkipMarker(complete));
  if (marked !== undefined) return refused(marked, false);
  const strange = preconditions.origin && (await byOrigin(complete));
  if (strange !== undefined) return refused(strange, false);
  const unmatched = preconditions.paths && (await byPaths(preconditions.paths, complete));
  if (unmatched !== undefined) return refusedByPaths(unmatched, { on, event: complete });
  const pullRequest = pullRequestEventOf(complete);
  if (preconditions.approval && pullRequest && (!lists || pullRequest.pullRequest.fork)) {
    const missing = await awaitApproval(pullRequest, checks, begun);
    if (missing !== undefined) return refused(missing, false);
  }
  if (complete.kind === 'comment' && (preconditions.permission || complete.commands)) {
    const may = await mayCommand(preconditions.permission, complete);
    return may.event ? { admitted: true, event: may.event as HookyardEvent as E } : refused(may.because, false);
  }
  // Runs that an older version started were not asked for it, and go on as they began.
  const isAsked = how?.asks?.permission !== undefined || (preconditions.permission && patched(REVIEW_PERMISSION));
  if (complete.kind === 'review' && preconditions.permission && isAsked) {
    const { allowed, because } = await mayReview(preconditions.permission, complete);
    if (!allowed) return refused(because, false);
  }
  return { admitted: true, event: complete };
}

/** Returns the event with its commit's whole name. One that can't be found out stays as it is: not every run needs it. */
async function withKnownCommit<E extends HookyardEvent>(event: E): Promise<E> {
  if (isAbbreviated(event)) return withFullCommit(event);
  if (!isUnpeeled(event)) return event;
  const known = await withTagCommit(event, lookup).catch((error) => {
    progress.step('Commit of the tag').end('passed', `not known: ${plain(reasonOf(error))}`);
    return event;
  });
  return known as HookyardEvent as E;
}

/** Returns whether the commit has an abbreviated name: Bitbucket Cloud sends the first 12 digits of a pull request's. */
function isAbbreviated<E extends HookyardEvent>(event: E): event is E & PullRequestEvent {
  return event.kind === 'pull_request' && event.commit.sha.length < 40;
}

async function withFullCommit<E extends PullRequestEvent>(event: E): Promise<E> {
  const { source, repository, pullRequest, commit } = event;
  const { sha } = await provider.resolveCommit({
    source,
    repository: pullRequest.head.repository ?? repository.fullName,
    name: commit.sha,
  });
  if (sha === undefined) return event;
  return { ...event, commit: { ...commit, sha }, pullRequest: { ...pullRequest, head: { ...pullRequest.head, sha } } };
}

/** Returns why the head commit's message keeps the event out. An unknown message lets it in. */
async function bySkipMarker(event: HookyardEvent): Promise<string | undefined> {
  if (event.kind !== 'pull_request' && event.kind !== 'push') return undefined;
  // Versions before asked of pull requests alone, also where a newer server had them ask.
  if (event.kind === 'push' && !patched('skip-marker-of-pushes')) return undefined;
  const { source, repository, commit } = event;
  const { marker } = await lookup
    .findSkipMarker({ source, repository: repository.fullName, sha: commit.sha })
    .catch(() => ({ marker: undefined }));
  return marker === undefined ? undefined : skippedInWords('commit message', marker);
}

/** Returns why the commit of a status may be a stranger's. Whose it is, is unknown where the provider can't be asked. */
async function byOrigin(event: HookyardEvent): Promise<string | undefined> {
  const status = suiteOf(event);
  if (!status) return undefined;
  // Versions before did not ask in a chain, whose first run may be one that trusts forks.
  if (event.kind === 'chained' && !patched('origin-of-chains')) return undefined;
  const { source, repository, checkSuite } = status;
  const found = await provider
    .findOrigin({ source, repository: repository.fullName, checkSuite })
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return { own: false, because: reasonOf(error) } as const;
    });
  return found.own ? undefined : `${FORKS_STATUS} (${found.because})`;
}

/** Returns why no path filter lets the event in. Unknown files let it in: nothing is skipped silently. */
async function byPaths(paths: readonly (readonly string[])[], event: HookyardEvent): Promise<string | undefined> {
  if (event.kind !== 'push' && event.kind !== 'pull_request') return undefined;
  const step = progress.step('Changed files');
  const found = await lookup
    .findChangedFiles({ source: event.source, repository: event.repository.fullName, range: rangeOf(event), paths })
    .catch((error) => ({ known: false as const, because: reasonOf(error) }));
  if (!found.known) {
    step.end('passed', `not known, so paths do not filter: ${plain(found.because)}`);
    return undefined;
  }
  const hit = found.hits.find((file) => file !== null) ?? undefined;
  step.end('passed', `${found.count}${hit === undefined ? ', none counts' : hit && `, ${plain(hit)} counts`}`);
  if (hit !== undefined) return undefined;
  return `none of the ${found.count} changed files is in paths ${paths.map((list) => JSON.stringify(list)).join(' or ')}`;
}

/** What a marker keeps from another trigger is not filtered: that one might run without it. */
function refusedByPaths(unmatched: string, { on, event }: { on: readonly Trigger[]; event: HookyardEvent }): Refused {
  const marked = skippedBeside({ on }, event);
  const isMarked = marked !== undefined && patched(HEEDS_MARKERS_BESIDE);
  return isMarked ? refused(`${unmatched}; ${marked}`, false) : refused(unmatched, true);
}

function rangeOf(event: PushEvent | PullRequestEvent) {
  if (event.kind === 'pull_request') return { kind: 'pull_request', number: event.pullRequest.number } as const;
  // There is nothing to compare a new or rewritten branch with.
  const isForward = event.before !== undefined && !event.created && !event.forced;
  return isForward ? ({ kind: 'push', before: event.before, after: event.commit.sha } as const) : undefined;
}

/**
 * Returns the event if whoever commented may give commands here, with those that they may, else why not; and reacts to
 * the comment. `named`: what the commands that a trigger names ask for. Where none names any, a line as `/shrug` may
 * be no command at all: nobody is told that it was refused.
 */
async function mayCommand<E extends CommentEvent>(
  named: CommandPermission | undefined,
  event: E,
): Promise<{ readonly event: E } | { readonly event?: undefined; readonly because: string }> {
  const { source, repository, comment, number } = event;
  // Versions before told everybody.
  const isTold = named !== undefined || !patched(PASSES_OVER_UNNAMED);
  const { allowed, because, unaskable } = await checkPermission(event, event.sender, named ?? 'write').catch(
    async (error: unknown) => {
      if (isTold && !isCancellation(error) && patched(ANSWERS_UNASKABLE)) await answerUnaskable(event, COULD_NOT_ASK);
      throw error;
    },
  );
  const isBuiltIn = workflowInfo().workflowType === COMMANDS_WORKFLOW;
  const meant = allowed ? event : isBuiltIn && patched(LETS_IN_ASKED) ? await answersOf(event) : undefined;
  if (!meant && !isTold) return { because };
  if (!meant && unaskable && patched(ANSWERS_WHERE_NONE_TELLS)) await answerUnaskable(event, NOBODY_TELLS);
  // No provider has reactions to the text of a review.
  if (number !== undefined && comment.in !== 'review') {
    const reaction = meant ? 'eyes' : '-1';
    await lookup
      .react({
        source,
        repository: repository.fullName,
        number,
        commentId: comment.id,
        reaction,
        ...(comment.in === 'line' && { onLine: true }),
      })
      .catch(() => undefined);
  }
  return meant ? { event: meant } : { because };
}

const COULD_NOT_ASK =
  'Nothing was done: Hookyard could not ask who may give commands here. Whoever runs it finds the reason, and the right that is missing, with `hookyard doctor`.';
const NOBODY_TELLS =
  "Nothing was done: this provider's API does not tell Hookyard who may give commands, so it takes only answers from people whom an approval names. Whoever runs it can use `hookyard approve`, `hookyard rerun` and `hookyard cancel`.";

/** Says at the comment that nobody can give commands; once for each pull request. That it can't be said is no reason. */
async function answerUnaskable({ source, repository, number, on }: CommentEvent, body: string): Promise<void> {
  if (number === undefined || on !== 'pull_request') return;
  await lookup
    .writeComment({ source, repository: repository.fullName, number, body, sticky: 'commands/unaskable' })
    .catch(() => undefined);
}

/** Returns whether the reviewer may start a run by this review. Somebody else may have sent it: the reviewer counts. */
function mayReview(atLeast: CommandPermission, event: ReviewEvent) {
  const { sender, reviewer } = event;
  return checkPermission(event, sender.login === reviewer ? sender : { login: reviewer }, atLeast);
}

function checkPermission(
  { source, repository }: CommentEvent | ReviewEvent,
  { login, id }: Pick<Sender, 'login' | 'id'>,
  atLeast: CommandPermission,
) {
  const person = { login, ...(id !== undefined && { id }) };
  return provider.checkPermission({ source, repository: repository.fullName, ...person, atLeast });
}
