import { z } from 'zod';
import type { BranchState, StateApi } from '../../api.js';
import { segment } from '../../names.js';
import { id, sha } from '../../shapes.js';
import { orUndefinedIf404 } from '../../undefined-if-404.js';
import { pullRequestSchema, toPullRequest } from './pull-requests.js';
import type { GiteaRepository } from './repository.js';

const MAX_BRANCHES = 1_000;
const MAX_PULL_REQUESTS = 500;

const repositorySchema = z.object({
  id,
  full_name: z.string().min(1).max(300),
  html_url: z.string().max(2_000),
  private: z.boolean().nullish(),
  default_branch: z.string().nullish(),
});

const branchSchema = z.object({ name: z.string().min(1).max(1_000), commit: z.object({ id: sha }).nullish() });

type BranchRead = z.output<typeof branchSchema>;

/** How a repository of Gitea or Forgejo stands. Source: https://docs.gitea.com/api/ (repoListBranches, repoGetBranch, repoListPullRequests) */
export function giteaState(repository: GiteaRepository): StateApi {
  const { connection, path } = repository;
  return {
    about: () => about(repository),
    async branches() {
      const options = { what: 'branch', most: MAX_BRANCHES };
      const { items, complete } = await connection.list({ path: `${path}/branches` }, branchSchema, options);
      return { items: items.flatMap(toBranch), complete };
    },
    branch: (name) => branch(repository, name),
    async pullRequests() {
      const request = { path: `${path}/pulls`, query: { state: 'open' } };
      const options = { what: 'pull request', most: MAX_PULL_REQUESTS };
      // Where pull requests are switched off, there is no such address.
      const list = await orUndefinedIf404(connection.list(request, pullRequestSchema, options));
      if (!list) return { items: [], complete: true };
      return { items: list.items.flatMap((pull) => toPullRequest(pull) ?? []), complete: list.complete };
    },
  };
}

/**
 * Gogs gives all branches at once, and has no pull requests in its API.
 * Source: https://github.com/gogs/docs-api/blob/master/Repositories/README.md
 */
export function gogsState(repository: GiteaRepository): StateApi {
  const { connection, path } = repository;
  return {
    about: () => about(repository),
    async branches() {
      const list = await connection.get({ path: `${path}/branches` }, z.array(branchSchema), 'list of branches');
      const complete = list.length <= MAX_BRANCHES;
      return { items: (complete ? list : await firstOf(list, repository)).flatMap(toBranch), complete };
    },
  };
}

/** Cut, but not without the default branch. */
async function firstOf(list: readonly BranchRead[], repository: GiteaRepository): Promise<readonly BranchRead[]> {
  const { defaultBranch } = await about(repository);
  const main = list.filter(({ name }) => name === defaultBranch);
  return [...main, ...list.filter((branch) => !main.includes(branch))].slice(0, MAX_BRANCHES);
}

async function about({ connection, path }: GiteaRepository): ReturnType<StateApi['about']> {
  const read = await connection.get({ path }, repositorySchema, 'repository');
  return {
    id: read.id,
    fullName: read.full_name,
    url: read.html_url,
    ...(read.default_branch && { defaultBranch: read.default_branch }),
    private: read.private ?? true,
  };
}

async function branch({ connection, path }: GiteaRepository, name: string): Promise<BranchState | undefined> {
  const address = `${path}/branches/${name.split('/').map(segment).join('/')}`;
  const read = await orUndefinedIf404(connection.get({ path: address }, branchSchema, 'branch'));
  return read && toBranch(read)[0];
}

/** One of an empty repository has no commit. */
function toBranch({ name, commit }: BranchRead): BranchState[] {
  return commit ? [{ name, sha: commit.id }] : [];
}
