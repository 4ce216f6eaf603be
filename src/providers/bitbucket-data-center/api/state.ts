import { z } from 'zod';
import { listed, withoutRefused } from '../../listed.js';
import { refName, sha } from '../../shapes.js';
import type { StateApi } from '../../state-api.js';
import { branchOf, pullRequestSchema, repositorySchema, toPullRequest, toRepository } from '../shapes.js';
import { CORE, type DataCenterRepository } from './repository.js';

const MAX_BRANCHES = 1_000;
const MAX_PULL_REQUESTS = 500;
const MAX_TAGS = 1_000;

const branchSchema = z.object({ id: refName, latestCommit: sha });
/** `hash` is the own object of an annotated tag, which older deliveries name. */
const tagSchema = branchSchema.extend({ hash: sha.nullish() });

/** Returns the calls about the state of a repository. Source: https://developer.atlassian.com/server/bitbucket/rest/ */
export function dataCenterState({ connection, path, server }: DataCenterRepository): StateApi {
  const repository = `${CORE}${path}`;
  return {
    about: async () => toRepository(await connection.get({ path: repository }, repositorySchema, 'repository'), server),
    async branches() {
      const options = { what: 'branch', most: MAX_BRANCHES };
      // Branches that were pushed to last come first: a list that is cut lacks those that nobody works on.
      const request = { path: `${repository}/branches`, query: { orderBy: 'MODIFICATION' } };
      const { items, complete } = await connection.list(request, listed(branchSchema), options);
      return {
        items: withoutRefused(items).map(({ id, latestCommit }) => ({ name: branchOf(id), sha: latestCommit })),
        complete,
      };
    },
    async pullRequests() {
      const request = { path: `${repository}/pull-requests`, query: { state: 'OPEN' } };
      const options = { what: 'pull request', most: MAX_PULL_REQUESTS };
      const { items, complete } = await connection.list(request, listed(pullRequestSchema), options);
      return { items: withoutRefused(items).map((pull) => toPullRequest(pull, server)), complete };
    },
    async tags() {
      const options = { what: 'tag', most: MAX_TAGS };
      const request = { path: `${repository}/tags`, query: { orderBy: 'MODIFICATION' } };
      const { items, complete } = await connection.list(request, listed(tagSchema), options);
      return {
        items: withoutRefused(items).map(({ id, latestCommit, hash }) => ({
          name: id.replace(/^refs\/tags\//, ''),
          sha: latestCommit,
          ...(hash && hash !== latestCommit && { object: hash }),
        })),
        complete,
      };
    },
  };
}
