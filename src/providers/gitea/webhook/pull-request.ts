import { z } from 'zod';
import type { PullRequestAction, ReviewEvent } from '../../../events/event.js';
import { narrow } from '../../parse.js';
import { id, link, refName, repositorySchema, sha, text, toRepository, toSender, userSchema } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

const sideSchema = z.object({
  ref: refName,
  sha: sha.or(z.literal('')),
  repo_id: id.nullish(),
  repo: repositorySchema.pick({ id: true, full_name: true }).nullish(),
});

const pullRequestSchema = z.object({
  action: z.string().regex(/^[a-z_]{1,100}$/),
  number: z.int().positive(),
  pull_request: z.object({
    title: text(500),
    html_url: link,
    // Some versions leave it out.
    state: z.enum(['open', 'closed']).nullish(),
    draft: z.boolean().nullish(),
    merged: z.boolean().nullish(),
    updated_at: z.iso.datetime({ offset: true }).nullish(),
    user: userSchema.nullish(),
    labels: z.array(z.object({ name: text(100) })).nullish(),
    base: sideSchema.nullish(),
    head: sideSchema.nullish(),
  }),
  changes: z.object({ ref: z.unknown().optional() }).nullish(),
  review: z.object({ content: text(10_000).nullish() }).nullish(),
  repository: repositorySchema,
  sender: userSchema.nullish(),
});

type Read = z.output<typeof pullRequestSchema>;

/** Their words beside GitHub's, where they differ. */
const ACTIONS: Readonly<Record<string, PullRequestAction>> = {
  opened: 'opened',
  closed: 'closed',
  reopened: 'reopened',
  edited: 'edited',
  synchronized: 'synchronize',
  label_updated: 'labeled',
  label_cleared: 'unlabeled',
  assigned: 'assigned',
  unassigned: 'unassigned',
  milestoned: 'milestoned',
  demilestoned: 'demilestoned',
  review_requested: 'review_requested',
  review_request_removed: 'review_request_removed',
};

const MAX_LABELS = 100;

/** Their `pull_request`. Gogs names no commits in it, and then there is nothing that could be built or reported on. */
export function normalisePullRequest(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(pullRequestSchema, payload, 'pull_request');
  const action = Object.hasOwn(ACTIONS, read.action) ? ACTIONS[read.action] : undefined;
  if (!action) return { ignored: `no automation can listen to the pull-request action ${read.action}` };
  const { base, head, ...pull } = read.pull_request;
  if (!base || !head?.sha) return { ignored: 'the pull request names no commit' };
  return {
    event: {
      ...about(read, context),
      kind: 'pull_request',
      action,
      commit: { sha: head.sha },
      pullRequest: {
        number: read.number,
        title: pull.title,
        url: pull.html_url,
        author: toSender(pull.user).login,
        state: pull.state ?? (action === 'closed' ? 'closed' : 'open'),
        draft: pull.draft ?? /^(wip:|\[wip\])/i.test(pull.title),
        fork: isFork(head, base),
        merged: pull.merged === true,
        labels: (pull.labels ?? []).slice(0, MAX_LABELS).map((label) => label.name),
        base: { ref: base.ref, ...(base.sha && { sha: base.sha }) },
        head: { ref: head.ref, sha: head.sha, ...(head.repo && { repository: head.repo.full_name }) },
        ...(pull.updated_at && { updatedAt: new Date(pull.updated_at).toISOString() }),
      },
      ...(action === 'edited' && read.changes?.ref !== undefined && { baseChanged: true }),
    },
  };
}

/** Their review events: each outcome has an event name of its own. */
export function normaliseGiteaReview(outcome: ReviewEvent['action']) {
  return (payload: unknown, context: ProviderContext): Normalised => {
    const read = narrow(pullRequestSchema, payload, 'review');
    return {
      event: {
        ...about(read, context),
        kind: 'review',
        action: outcome,
        number: read.number,
        title: read.pull_request.title,
        url: read.pull_request.html_url,
        reviewer: toSender(read.sender).login,
        ...(read.review?.content && { body: read.review.content }),
        ...(read.pull_request.head?.sha && { commit: { sha: read.pull_request.head.sha } }),
      },
    };
  };
}

type Side = z.output<typeof sideSchema>;

/** What is not known counts as a fork: old versions leave the repositories out, and a deleted fork has none. */
function isFork(head: Side, base: Side): boolean {
  const [from, to] = [head, base].map(({ repo, repo_id }) => repo?.id ?? repo_id ?? undefined);
  return from === undefined || from !== to;
}

function about(read: Read, context: ProviderContext) {
  return { ...context, repository: toRepository(read.repository), sender: toSender(read.sender) };
}
