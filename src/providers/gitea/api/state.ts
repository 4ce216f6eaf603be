import { z } from 'zod';
import type { Repository } from '../../../events/event.js';
import type { BranchState, StateApi } from '../../api.js';
import { repositorySchema, toRepository } from '../../github/shapes.js';
import { listed, withoutRefused } from '../../listed.js';
import { encodedSegment } from '../../names.js';
import { refName, sha } from '../../shapes.js';
import { orUndefinedIf404 } from '../../undefined-if-404.js';
import { pullRequestSchema, toPullRequest } from '../shapes.js';
import type { GiteaRepository } from './repository.js';

const MAX_BRANCHES = 1_000;
const MAX_PULL_REQUESTS = 500;

const branchSchema = z.object({ name: refName, commit: z.object({ id: sha }).nullish() });

type BranchRead = z.output<typeof branchSchema>;

/**
 * Returns the calls about the state of a repository of Gitea or Forgejo. Source: https://docs.gitea.com/api/
 * (repoListBranches, repoGetBranch, repoListPullRequests)
 */
export function giteaState(repository: GiteaRepository): StateApi {
  const { connection, path } = repository;
  return {
    about: () => about(repository),
    async branches() {
      const options = { what: 'branch', most: MAX_BRANCHES };
      const { items, complete } = await connection.list({ path: `${path}/branches` }, listed(branchSchema), options);
      return { items: withoutRefused(items).flatMap(toBranch), complete };
    },
    branch: (name) => branch(repository, name),
    async pullRequests() {
      const request = { path: `${path}/pulls`, query: { state: 'open' } };
      const options = { what: 'pull request', most: MAX_PULL_REQUESTS };
      // 404: pull requests are switched off.
      const list = await orUndefinedIf404(connection.list(request, listed(pullRequestSchema), options));
      if (!list) return { items: [], complete: true };
      return {
        items: withoutRefused(list.items).flatMap((pull) => toPullRequest(pull) ?? []),
        complete: list.complete,
      };
    },
  };
}

/**
 * Returns the calls about the state of a repository of Gogs, whose API lists all branches at once, and no pull
 * requests.
 * Source: https://github.com/gogs/docs-api/blob/master/Repositories/README.md
 */
export function gogsState(repository: GiteaRepository): StateApi {
  const { connection, path } = repository;
  return {
    about: () => about(repository),
    async branches() {
      const schema = z.array(listed(branchSchema));
      const list = withoutRefused(await connection.get({ path: `${path}/branches` }, schema, 'list of branches'));
      const complete = list.length <= MAX_BRANCHES;
      return { items: (complete ? list : await firstOf(list, repository)).flatMap(toBranch), complete };
    },
  };
}

/** The first branches, the default branch among them. */
async function firstOf(list: readonly BranchRead[], repository: GiteaRepository): Promise<readonly BranchRead[]> {
  const { defaultBranch } = await about(repository);
  const main = list.filter(({ name }) => name === defaultBranch);
  return [...main, ...list.filter((branch) => !main.includes(branch))].slice(0, MAX_BRANCHES);
}

async function about({ connection, path }: GiteaRepository): Promise<Repository> {
  return toRepository(await connection.get({ path }, repositorySchema, 'repository'));
}

async function branch({ connection, path }: GiteaRepository, name: string): Promise<BranchState | undefined> {
  const address = `${path}/branches/${name.split('/').map(encodedSegment).join('/')}`;
  const read = await orUndefinedIf404(connection.get({ path: address }, branchSchema, 'branch'));
  return read && toBranch(read)[0];
}

/** A branch of an empty repository has no commit. It is left out. */
function toBranch({ name, commit }: BranchRead): BranchState[] {
  return commit ? [{ name, sha: commit.id }] : [];
}
