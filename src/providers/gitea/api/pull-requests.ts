import { z } from 'zod';
import type { PullRequest } from '../../../events/event.js';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { numericId } from '../../names.js';
import { id, sha } from '../../shapes.js';
import { userSchema } from './connection.js';
import type { GiteaRepository } from './repository.js';

const sideSchema = z.object({
  ref: z.string().min(1),
  sha: sha.or(z.literal('')).nullish(),
  repo_id: id.nullish(),
  repo: z.object({ id, full_name: z.string().max(300) }).nullish(),
});

/** As these APIs answer it. */
export const pullRequestSchema = z.object({
  number: z.int().positive(),
  title: z.string(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  updated_at: z.iso.datetime({ offset: true }).nullish(),
  user: userSchema.nullish(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  base: sideSchema,
  head: sideSchema,
});

const MAX_LABELS = 100;

/** A pull request in our words, as its webhook is read. Source: https://docs.gitea.com/api/ (repoGetPullRequest) */
export function giteaPullRequest({ connection, path }: GiteaRepository): NonNullable<RepositoryApi['pullRequest']> {
  return async (number) => {
    const request = { path: `${path}/pulls/${numericId(number)}` };
    const read = toPullRequest(await connection.get(request, pullRequestSchema, 'pull request'));
    if (!read) throw new ProviderError('refused', `the head of pull request ${number} is gone`);
    return read;
  };
}

/** Undefined when its head is gone. */
export function toPullRequest({ base, head, ...pull }: z.output<typeof pullRequestSchema>): PullRequest | undefined {
  if (!head.sha) return undefined;
  return {
    number: pull.number,
    title: [...pull.title].slice(0, 500).join(''),
    url: pull.html_url,
    author: pull.user?.login || 'ghost',
    state: pull.state,
    // Versions without the field go by the title.
    draft: pull.draft ?? /^(wip:|\[wip\])/i.test(pull.title),
    fork: isFork(head, base),
    merged: pull.merged === true,
    labels: (pull.labels ?? []).slice(0, MAX_LABELS).map((label) => label.name),
    base: { ref: base.ref, ...(base.sha && { sha: base.sha }) },
    head: { ref: head.ref, sha: head.sha, ...(head.repo && { repository: head.repo.full_name }) },
    ...(pull.updated_at && { updatedAt: new Date(pull.updated_at).toISOString() }),
  };
}

type Side = z.output<typeof sideSchema>;

/** A deleted fork has no repository, and its number is 0 then. */
function isFork(head: Side, base: Side): boolean {
  const [from, to] = [head, base].map(({ repo, repo_id }) => repo?.id ?? repo_id ?? undefined);
  return from !== to;
}
