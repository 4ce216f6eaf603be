import { z } from 'zod';
import { listed, withoutRefused } from '../../listed.js';
import { encodedSegment } from '../../names.js';
import { refName, sha } from '../../shapes.js';
import type { BranchState, StateApi } from '../../state-api.js';
import { orUndefinedIf404 } from '../../undefined-if-404.js';
import { pullRequestSchema, repositorySchema, toPullRequest, toRepository } from '../shapes.js';
import type { CloudRepository } from './repository.js';

const MAX_BRANCHES = 1_000;
const MAX_PULL_REQUESTS = 500;
const MAX_TAGS = 1_000;
/** Bitbucket's largest page of pull requests. */
const PULL_REQUESTS_PER_PAGE = 50;

/** A branch or a tag. */
const branchSchema = z.object({ name: refName, target: z.object({ hash: sha }) });

/**
 * Returns the calls about the state of a repository.
 * Sources: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/, …/api-group-pullrequests/
 */
export function cloudState({ connection, path, web }: CloudRepository): StateApi {
  return {
    about: async () => toRepository(await connection.get({ path }, repositorySchema, 'repository')),
    async branches() {
      const options = { what: 'branch', most: MAX_BRANCHES };
      // Branches with the newest commits come first: a list that is cut lacks those that nobody works on.
      const request = { path: `${path}/refs/branches`, query: { sort: '-target.date' } };
      const { items, complete } = await connection.list(request, listed(branchSchema), options);
      return { items: withoutRefused(items).map(toBranch), complete };
    },
    async branch(name) {
      const address = `${path}/refs/branches/${name.split('/').map(encodedSegment).join('/')}`;
      const found = await orUndefinedIf404(connection.get({ path: address }, branchSchema, 'branch'));
      return found && toBranch(found);
    },
    async pullRequests() {
      // Bitbucket lists those that are open unless it is asked for a state: one of them alone, and there are DRAFT and QUEUED.
      const request = { path: `${path}/pullrequests` };
      const options = { what: 'pull request', most: MAX_PULL_REQUESTS, perPage: PULL_REQUESTS_PER_PAGE };
      const { items, complete } = await connection.list(request, listed(pullRequestSchema), options);
      return { items: withoutRefused(items).flatMap((pull) => toPullRequest(pull, web) ?? []), complete };
    },
    async tags() {
      const options = { what: 'tag', most: MAX_TAGS };
      const request = { path: `${path}/refs/tags`, query: { sort: '-target.date' } };
      const { items, complete } = await connection.list(request, listed(branchSchema), options);
      return { items: withoutRefused(items).map(toBranch), complete };
    },
  };
}

function toBranch({ name, target }: z.output<typeof branchSchema>): BranchState {
  return { name, sha: target.hash };
}
