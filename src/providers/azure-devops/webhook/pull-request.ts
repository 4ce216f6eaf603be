import { z } from 'zod';
import type { PullRequestAction, PullRequestEvent, ReviewEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { text } from '../../shapes.js';
import type { EventBase, Normalised } from '../../webhook-scheme.js';
import {
  type Identity,
  isWhole,
  pageOf,
  pullRequestSchema,
  pullRequestUrl,
  toCommit,
  toldWithoutHead,
  toPullRequest,
  toRepository,
  toSender,
  type WholePullRequest,
} from '../shapes.js';
import { lacking, type OrganisationContext } from './context.js';
import { actorOf, updateOf } from './update.js';

const schema = z.object({
  resource: pullRequestSchema.nullish(),
  message: z.object({ text: text(1_000).nullish() }).nullish(),
  /** When it happened. The pull request itself has no time of its last change. */
  createdDate: z.string().nullish().catch(undefined),
});

/** An update so long after a closing, in milliseconds, is not of it. Before, it is known by what the closing told. */
const SURELY_LATER_MS = 600_000;

/** A delivery about a pull request that has all its fields. */
interface PullRequestDelivery {
  readonly pull: WholePullRequest;
  readonly message: string;
  readonly at: string | undefined;
  readonly context: OrganisationContext;
}

/** Reads Azure's `git.pullrequest.created`. */
export function normaliseCreated(payload: unknown, context: OrganisationContext): Normalised {
  return read(payload, context, (delivery) => eventOf(delivery, { action: 'opened', by: delivery.pull.createdBy }));
}

/**
 * Reads Azure's `git.pullrequest.merged`. A merge is also tried with each new commit, to see whether it is possible:
 * only that of a completed pull request is a merge.
 */
export function normaliseMerged(payload: unknown, context: OrganisationContext): Normalised {
  return read(payload, context, (delivery) =>
    delivery.pull.status === 'completed'
      ? closingOf(delivery, actorOf(delivery.pull, delivery.message))
      : { ignored: 'the merge was only tried; other events report new commits' },
  );
}

/**
 * Reads Azure's `git.pullrequest.updated`: new commits, votes, reviewers, the status. An update of an unknown sort
 * counts as new commits, so that none go unbuilt.
 */
export function normaliseUpdated(payload: unknown, context: OrganisationContext): Normalised {
  return read(payload, context, (delivery) => {
    const actor = actorOf(delivery.pull, delivery.message);
    const update = updateOf(delivery.message, actor);
    if (update.about === 'vote') return { event: reviewOf(delivery, { action: update.action, by: update.by }) };
    if (update.about === 'reviewers') return { ignored: 'the list of reviewers changed; the payload does not say how' };
    if (isLongClosed(delivery)) return eventOf(delivery, { action: 'edited', by: actor });
    if (delivery.pull.status !== 'active') return closingOf(delivery, actor);
    return eventOf(delivery, { action: update.about === 'reactivation' ? 'reopened' : 'synchronize', by: actor });
  });
}

function read(
  payload: unknown,
  context: OrganisationContext,
  make: (delivery: PullRequestDelivery) => Normalised,
): Normalised {
  const { resource, message, createdDate } = parsePayload(schema, payload, 'pull request');
  if (!isWhole(resource)) return lacking('the pull request');
  const time = Date.parse(createdDate ?? '');
  const at = Number.isNaN(time) ? undefined : new Date(time).toISOString();
  return make({ pull: resource, message: message?.text ?? '', at, context });
}

function isLongClosed({ pull, at }: PullRequestDelivery): boolean {
  return pull.status !== 'active' && Date.parse(at ?? '') - Date.parse(pull.closedDate ?? '') > SURELY_LATER_MS;
}

/** A merge is told as an update and as a merge, and each later update still has the status: the time says which closing it is of. */
function closingOf(delivery: PullRequestDelivery, actor: Identity | undefined): Normalised {
  const { pull } = delivery;
  const { at, context } = delivery;
  const by = pull.closedBy ?? actor;
  const telling = pull.closedDate ? `closed ${pull.repository.id} ${pull.pullRequestId} ${pull.closedDate}` : undefined;
  const told = telling !== undefined && { telling };
  if (pull.lastMergeSourceCommit) return { ...eventOf(delivery, { action: 'closed', by }), ...told };
  const pullRequest = { ...toldWithoutHead(pull, context.organisation), ...(at && { updatedAt: at }) };
  return { ...lacking('the head commit'), closing: { event: baseOf(delivery, by), pullRequest, ...told } };
}

function baseOf(
  { pull, context: { organisation, ...context } }: PullRequestDelivery,
  by: Identity | null | undefined,
): EventBase {
  return { ...context, repository: toRepository(pull.repository, organisation), sender: toSender(by) };
}

function eventOf(
  delivery: PullRequestDelivery,
  { action, by }: { action: PullRequestAction; by: Identity | null | undefined },
): Normalised {
  const { pull, at, context } = delivery;
  const { organisation } = context;
  const pullRequest = toPullRequest(pull, organisation);
  if (!pullRequest) return lacking('the head commit');
  const event: PullRequestEvent = {
    ...baseOf(delivery, by),
    kind: 'pull_request',
    action,
    pullRequest: { ...pullRequest, ...(at && { updatedAt: at }) },
    commit: toCommit({ commitId: pullRequest.head.sha }, pageOf(pull.repository, organisation)),
  };
  return { event };
}

function reviewOf(
  delivery: PullRequestDelivery,
  { action, by }: { action: ReviewEvent['action']; by: Identity | undefined },
): ReviewEvent {
  const { pull, context } = delivery;
  const head = pull.lastMergeSourceCommit?.commitId;
  return {
    ...baseOf(delivery, by),
    kind: 'review',
    action,
    number: pull.pullRequestId,
    title: pull.title,
    url: pullRequestUrl(pull, context.organisation),
    reviewer: toSender(by).login,
    ...(head && { commit: { sha: head } }),
  };
}
