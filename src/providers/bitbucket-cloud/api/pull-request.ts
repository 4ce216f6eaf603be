import { z } from 'zod';
import type { PullRequest } from '../../../events/event.js';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { commitName, refName, text } from '../../shapes.js';
import { resolvedCommit } from './commits.js';
import { accountSchema, links, loginOf } from './fields.js';
import type { CloudRepository } from './repository.js';

const sideSchema = z.object({
  branch: z.object({ name: refName }).nullish(),
  commit: z.object({ hash: commitName }).nullish(),
  repository: z.object({ uuid: z.string().nullish(), full_name: z.string().max(300) }).nullish(),
});

type Side = z.output<typeof sideSchema>;

/** As the API answers it, also in lists. */
export const pullRequestSchema = z.object({
  id: z.int().positive(),
  title: text(500),
  state: z.string(),
  draft: z.boolean().nullish(),
  author: accountSchema.nullish(),
  source: sideSchema,
  destination: sideSchema,
  updated_on: z.iso.datetime({ offset: true }).nullish(),
  links,
});

/**
 * A pull request in the same words as the receiver's, but with the whole name of its head: Bitbucket has 12 digits.
 * Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
 */
export function cloudPullRequest(repository: CloudRepository): NonNullable<RepositoryApi['pullRequest']> {
  return async (number): Promise<PullRequest> => {
    const { connection, path, web } = repository;
    const request = { path: `${path}/pullrequests/${checkedId(number)}` };
    const pull = await connection.get(request, pullRequestSchema, 'pull request');
    const read = toPullRequest(pull, web);
    if (!read) throw new ProviderError('refused', `pull request ${number} names no commit any more`);
    const sha = (await resolvedCommit(repository, read.head.sha)) ?? read.head.sha;
    return { ...read, head: { ...read.head, sha } };
  };
}

/**
 * With the head's first 12 digits. Undefined where a branch was deleted: it is left out then, with its commit. `web` is
 * the repository's page.
 */
export function toPullRequest(pull: z.output<typeof pullRequestSchema>, web: string): PullRequest | undefined {
  const { source, destination } = pull;
  if (!source.commit || !source.branch || !destination.branch) return undefined;
  return {
    number: pull.id,
    title: pull.title,
    url: pull.links?.html?.href ?? `${web}/pull-requests/${pull.id}`,
    ...(pull.author && { author: loginOf(pull.author) }),
    state: pull.state === 'OPEN' ? 'open' : 'closed',
    draft: pull.draft === true,
    fork: isFork(source, destination),
    merged: pull.state === 'MERGED',
    labels: [],
    base: { ref: destination.branch.name, ...(destination.commit && { sha: destination.commit.hash }) },
    head: {
      ref: source.branch.name,
      sha: source.commit.hash,
      ...(source.repository && { repository: source.repository.full_name }),
    },
    ...(pull.updated_on && { updatedAt: new Date(pull.updated_on).toISOString() }),
  };
}

/** A deleted fork has no repository any more, and is no less of a stranger. */
function isFork({ repository: from }: Side, { repository: to }: Side): boolean {
  if (!from || !to) return true;
  return from.uuid && to.uuid ? from.uuid !== to.uuid : from.full_name !== to.full_name;
}
