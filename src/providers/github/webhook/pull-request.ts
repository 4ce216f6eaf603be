import { z } from 'zod';
import { PULL_REQUEST_ACTIONS, type PullRequest, type PullRequestAction } from '../../../events/event.js';
import { narrow } from '../../parse.js';
import { refName, repositorySchema, sha, text, toRepository, toSender, userSchema } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

const sideSchema = z.object({
  ref: refName,
  sha,
  repo: repositorySchema.pick({ id: true, full_name: true }).nullish(),
});

const pullRequestSchema = z.object({
  action: z.string().regex(/^[a-z_]{1,100}$/),
  pull_request: z.object({
    number: z.int().positive(),
    title: text(500),
    // Shorter than a link: the commit's is made of it.
    html_url: text(1_900),
    state: z.enum(['open', 'closed']),
    draft: z.boolean().nullish(),
    merged: z.boolean().nullish(),
    merged_at: z.string().nullish(),
    updated_at: z.iso.datetime({ offset: true }).nullish(),
    user: userSchema.nullish(),
    labels: z.array(z.object({ name: text(100) })).nullish(),
    base: sideSchema.extend({ repo: repositorySchema.pick({ id: true, full_name: true }) }),
    head: sideSchema,
  }),
  changes: z.object({ base: z.unknown().optional() }).nullish(),
  repository: repositorySchema,
  sender: userSchema.nullish(),
});

type PullRequestPayload = z.output<typeof pullRequestSchema>;

const MAX_LABELS = 100;

/** GitHub's `pull_request`. An action that GitHub has added since is ignored with its name. */
export function normalisePullRequest(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(pullRequestSchema, payload, 'pull_request');
  if (!isKnown(read.action)) return { ignored: `no automation can listen to the pull-request action ${read.action}` };
  const pullRequest = toPullRequest(read.pull_request);
  return {
    event: {
      ...context,
      kind: 'pull_request',
      action: read.action,
      repository: toRepository(read.repository),
      sender: toSender(read.sender),
      pullRequest,
      commit: { sha: pullRequest.head.sha, url: `${pullRequest.url}/commits/${pullRequest.head.sha}` },
      ...(read.action === 'edited' && read.changes?.base !== undefined && { baseChanged: true }),
    },
  };
}

function isKnown(action: string): action is PullRequestAction {
  return (PULL_REQUEST_ACTIONS as readonly string[]).includes(action);
}

function toPullRequest(pull: PullRequestPayload['pull_request']): PullRequest {
  const { head, base } = pull;
  return {
    number: pull.number,
    title: pull.title,
    url: pull.html_url,
    author: toSender(pull.user).login,
    state: pull.state,
    draft: pull.draft === true,
    // A deleted fork has no repository any more, and is no less of a stranger.
    fork: !head.repo || head.repo.id !== base.repo.id,
    merged: pull.merged ?? Boolean(pull.merged_at),
    labels: (pull.labels ?? []).slice(0, MAX_LABELS).map((label) => label.name),
    base: { ref: base.ref, sha: base.sha },
    head: { ref: head.ref, sha: head.sha, ...(head.repo && { repository: head.repo.full_name }) },
    ...(pull.updated_at && { updatedAt: new Date(pull.updated_at).toISOString() }),
  };
}
