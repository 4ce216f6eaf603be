import { z } from 'zod';
import type { StateApi } from '../../api.js';
import { id, refName, sha } from '../../shapes.js';
import { pullRequestSchema, toPullRequest } from './pull-request.js';
import { CORE, type DataCenterRepository } from './repository.js';

const MAX_BRANCHES = 1_000;
const MAX_PULL_REQUESTS = 500;

const repositorySchema = z.object({
  id,
  slug: z.string().max(128),
  public: z.boolean().nullish(),
  project: z.object({ key: z.string().max(129), public: z.boolean().nullish() }),
});

const branchSchema = z.object({ id: refName, latestCommit: sha });

/** How a repository stands. Source: https://developer.atlassian.com/server/bitbucket/rest/ */
export function dataCenterState({ connection, path, web }: DataCenterRepository): StateApi {
  const repository = `${CORE}${path}`;
  return {
    async about() {
      const read = await connection.get({ path: repository }, repositorySchema, 'repository');
      return {
        id: read.id,
        fullName: `${read.project.key}/${read.slug}`,
        url: `${web}/browse`,
        private: !(read.public || read.project.public),
      };
    },
    async branches() {
      const options = { what: 'branch', most: MAX_BRANCHES };
      // Those that were pushed to last come first: a list that is cut is without those that nobody works on.
      const request = { path: `${repository}/branches`, query: { orderBy: 'MODIFICATION' } };
      const { items, complete } = await connection.list(request, branchSchema, options);
      return {
        items: items.map(({ id: name, latestCommit }) => ({
          name: name.replace(/^refs\/heads\//, ''),
          sha: latestCommit,
        })),
        complete,
      };
    },
    async pullRequests() {
      const request = { path: `${repository}/pull-requests`, query: { state: 'OPEN' } };
      const options = { what: 'pull request', most: MAX_PULL_REQUESTS };
      const { items, complete } = await connection.list(request, pullRequestSchema, options);
      return { items: items.map((pull) => toPullRequest(pull, web)), complete };
    },
  };
}
