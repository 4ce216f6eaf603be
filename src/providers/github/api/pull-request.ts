import { z } from 'zod';
import type { PullRequest } from '../../../events/event.js';
import type { RepositoryApi } from '../../api.js';
import { cutTo } from '../../cut.js';
import { checkedRefName, numericId } from '../../names.js';
import { refName, sha } from '../../shapes.js';
import type { GithubRepository } from './client.js';
import { narrow } from './parse.js';

const repositorySchema = z.object({
  id: z.union([z.number(), z.bigint()]),
  full_name: z.string().regex(/^[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/),
});

const pullRequestSchema = z.object({
  number: z.int().positive(),
  title: z.string(),
  html_url: z.string().max(2_000),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  updated_at: z.iso.datetime({ offset: true }).nullish(),
  user: z.object({ login: z.string().max(100) }).nullish(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  base: z.object({ ref: refName, sha: sha, repo: repositorySchema }),
  head: z.object({ ref: refName, sha: sha, repo: repositorySchema.nullish() }),
});

const MAX_TITLE = 500;
const MAX_LABELS = 100;

/** What stands where: pull requests, branches. */
export function pullRequests(api: GithubRepository): Required<Pick<RepositoryApi, 'pullRequest' | 'resolveCommit'>> {
  return {
    /** Source: https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
    async pullRequest(number) {
      const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
      const { data } = await api.request(route, { pull_number: numericId(number) });
      return toPullRequest(narrow(pullRequestSchema, data, route));
    },

    /** Answers the name alone to the media type `sha`. Source: https://docs.github.com/en/rest/commits/commits#get-a-commit */
    async resolveCommit(name) {
      const route = 'GET /repos/{owner}/{repo}/commits/{ref}';
      const { data } = await api.request(route, { ref: checkedRefName(name), mediaType: { format: 'sha' } });
      return narrow(sha, typeof data === 'string' ? data.trim() : data, route);
    },
  };
}

/** In the same words as the receiver's from a webhook's payload. */
function toPullRequest(pull: z.output<typeof pullRequestSchema>): PullRequest {
  const { head, base } = pull;
  return {
    number: pull.number,
    title: cutTo(MAX_TITLE, pull.title),
    url: pull.html_url,
    // GitHub names nobody for an account that is gone; its web pages show those as `ghost`.
    author: pull.user?.login ?? 'ghost',
    state: pull.state,
    draft: pull.draft === true,
    // A deleted fork has no repository any more, and is no less of a stranger.
    fork: !head.repo || String(head.repo.id) !== String(base.repo.id),
    merged: pull.merged ?? Boolean(pull.merged_at),
    labels: (pull.labels ?? []).slice(0, MAX_LABELS).map((label) => cutTo(100, label.name)),
    base: { ref: base.ref, sha: base.sha },
    head: { ref: head.ref, sha: head.sha, ...(head.repo && { repository: head.repo.full_name }) },
    ...(pull.updated_at && { updatedAt: new Date(pull.updated_at).toISOString() }),
  };
}
