import { z } from 'zod';
import type { PullRequest } from '../../../events/event.js';
import type { RepositoryApi } from '../../api.js';
import { checkedId } from '../../names.js';
import { id, refName, sha, text } from '../../shapes.js';
import { userSchema } from './fields.js';
import { CORE, type DataCenterRepository } from './repository.js';

const sideSchema = z.object({
  id: refName,
  latestCommit: sha,
  repository: z.object({ id, slug: z.string().max(128), project: z.object({ key: z.string().max(129) }) }),
});

type Side = z.output<typeof sideSchema>;

/** As the API answers it, also in lists. */
export const pullRequestSchema = z.object({
  id: z.int().positive(),
  title: text(500),
  state: z.enum(['OPEN', 'MERGED', 'DECLINED']),
  draft: z.boolean().nullish(),
  author: z.object({ user: userSchema.nullish() }).nullish(),
  fromRef: sideSchema,
  toRef: sideSchema,
  /** Unix ms. */
  updatedDate: z.int().nullish(),
});

/** In the same words as the receiver's. Source: https://developer.atlassian.com/server/bitbucket/rest/ */
export function dataCenterPullRequest({
  connection,
  path,
  web,
}: DataCenterRepository): NonNullable<RepositoryApi['pullRequest']> {
  return async (number) => {
    const request = { path: `${CORE}${path}/pull-requests/${checkedId(number)}` };
    return toPullRequest(await connection.get(request, pullRequestSchema, 'pull request'), web);
  };
}

/** `web` is the repository's page. */
export function toPullRequest(pull: z.output<typeof pullRequestSchema>, web: string): PullRequest {
  const { fromRef, toRef } = pull;
  const author = pull.author?.user;
  return {
    number: pull.id,
    title: pull.title,
    url: `${web}/pull-requests/${pull.id}`,
    ...(author && { author: author.name?.slice(0, 100) || author.slug || 'ghost' }),
    state: pull.state === 'OPEN' ? 'open' : 'closed',
    draft: pull.draft === true,
    fork: fromRef.repository.id !== toRef.repository.id,
    merged: pull.state === 'MERGED',
    labels: [],
    base: { ref: branchOf(toRef), sha: toRef.latestCommit },
    head: { ref: branchOf(fromRef), sha: fromRef.latestCommit, repository: fullNameOf(fromRef) },
    ...(pull.updatedDate && { updatedAt: new Date(pull.updatedDate).toISOString() }),
  };
}

function branchOf(side: Side): string {
  return side.id.replace(/^refs\/heads\//, '');
}

function fullNameOf({ repository }: Side): string {
  return `${repository.project.key}/${repository.slug}`;
}
