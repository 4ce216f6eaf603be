import { z } from 'zod';
import type { PullRequestAction, PullRequestEvent, ReviewEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { text } from '../../shapes.js';
import type { Normalised } from '../../webhook-scheme.js';
import {
  type Identity,
  isWhole,
  pageOf,
  pullRequestSchema,
  pullRequestUrl,
  toCommit,
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
  /** When it happened: the pull request itself has no time of its last change. */
  createdDate: z.string().nullish(),
});

/** A pull request and what is told of it beside. */
interface Told {
  readonly pull: WholePullRequest;
  readonly message: string;
  readonly at: string | undefined;
  readonly context: OrganisationContext;
}

/** Azure's `git.pullrequest.created`. */
export function normaliseCreated(payload: unknown, context: OrganisationContext): Normalised {
  return read(payload, context, (told) => eventOf(told, { action: 'opened', by: told.pull.createdBy }));
}

/**
 * Azure's `git.pullrequest.merged`: a merge was tried, which happens with each new commit too, to see whether it could
 * be. Only that of a completed pull request is one.
 */
export function normaliseMerged(payload: unknown, context: OrganisationContext): Normalised {
  return read(payload, context, (told) =>
    told.pull.status === 'completed'
      ? eventOf(told, { action: 'closed', by: told.pull.closedBy ?? actorOf(told.pull, told.message) })
      : { ignored: 'the merge was only tried; other events tell of new commits' },
  );
}

/**
 * Azure's `git.pullrequest.updated`: new commits, votes, reviewers, the status. An update that can't be told apart counts
 * as new commits, so that none go unbuilt.
 */
export function normaliseUpdated(payload: unknown, context: OrganisationContext): Normalised {
  return read(payload, context, (told) => {
    const actor = actorOf(told.pull, told.message);
    const update = updateOf(told.message, actor);
    if (update.about === 'vote') return { event: reviewOf(told, { action: update.action, by: actor }) };
    if (update.about === 'reviewers') return { ignored: 'the list of reviewers changed; the payload does not say how' };
    if (told.pull.status !== 'active') return eventOf(told, { action: 'closed', by: told.pull.closedBy ?? actor });
    return eventOf(told, { action: update.about === 'reactivation' ? 'reopened' : 'synchronize', by: actor });
  });
}

function read(payload: unknown, context: OrganisationContext, make: (told: Told) => Normalised): Normalised {
  const { resource, message, createdDate } = parsePayload(schema, payload, 'pull request');
  if (!isWhole(resource)) return lacking('the pull request');
  const time = Date.parse(createdDate ?? '');
  const at = Number.isNaN(time) ? undefined : new Date(time).toISOString();
  return make({ pull: resource, message: message?.text ?? '', at, context });
}

function eventOf(
  { pull, at, context: { organisation, ...context } }: Told,
  { action, by }: { action: PullRequestAction; by: Identity | null | undefined },
): Normalised {
  const pullRequest = toPullRequest(pull, organisation);
  if (!pullRequest) return lacking('the head commit');
  const event: PullRequestEvent = {
    ...context,
    repository: toRepository(pull.repository, organisation),
    sender: toSender(by),
    kind: 'pull_request',
    action,
    pullRequest: { ...pullRequest, ...(at && { updatedAt: at }) },
    commit: toCommit({ commitId: pullRequest.head.sha }, pageOf(pull.repository, organisation)),
  };
  return { event };
}

function reviewOf(
  { pull, context: { organisation, ...context } }: Told,
  { action, by }: { action: ReviewEvent['action']; by: Identity | undefined },
): ReviewEvent {
  const head = pull.lastMergeSourceCommit?.commitId;
  return {
    ...context,
    repository: toRepository(pull.repository, organisation),
    sender: toSender(by),
    kind: 'review',
    action,
    number: pull.pullRequestId,
    title: pull.title,
    url: pullRequestUrl(pull, organisation),
    reviewer: toSender(by).login,
    ...(head && { commit: { sha: head } }),
  };
}
