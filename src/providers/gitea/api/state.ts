import { z } from 'zod';
import type { Repository } from '../../../events/event.js';
import { repositorySchema, toRepository } from '../../github/shapes.js';
import { listed, withoutRefused } from '../../listed.js';
import { encodedSegment } from '../../names.js';
import { link, refName, sha, text } from '../../shapes.js';
import type { BranchState, ReleaseState, StateApi, TagState } from '../../state-api.js';
import { orUndefinedIf404 } from '../../undefined-if-404.js';
import { pullRequestSchema, toPullRequest } from '../shapes.js';
import type { GiteaRepository } from './repository.js';

const MAX_BRANCHES = 1_000;
const MAX_PULL_REQUESTS = 500;
const MAX_TAGS = 1_000;
const MAX_RELEASES = 200;

const branchSchema = z.object({ name: refName, commit: z.object({ id: sha }).nullish() });

type BranchRead = z.output<typeof branchSchema>;

/** `id` is the tag's own object, which deliveries name; Gogs has none. */
const tagSchema = z.object({
  name: refName,
  id: sha.nullish(),
  commit: z.object({ id: sha.nullish(), sha: sha.nullish() }),
});

const releaseSchema = z.object({
  tag_name: refName,
  name: text(500).nullish(),
  html_url: link.nullish(),
  draft: z.boolean().nullish(),
  prerelease: z.boolean().nullish(),
});

/**
 * Returns the calls about the state of a repository of Gitea or Forgejo. Source: https://docs.gitea.com/api/
 * (repoListBranches, repoGetBranch, repoListPullRequests, repoListTags, repoListReleases)
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
    tags: () => tags(repository),
    releases: () => releases(repository),
  };
}

async function tags({ connection, path }: GiteaRepository): ReturnType<NonNullable<StateApi['tags']>> {
  const options = { what: 'tag', most: MAX_TAGS };
  const read = await orUndefinedIf404(connection.list({ path: `${path}/tags` }, listed(tagSchema), options));
  return read && { items: withoutRefused(read.items).flatMap(toTag), complete: read.complete };
}

async function releases({ connection, path }: GiteaRepository): ReturnType<NonNullable<StateApi['releases']>> {
  const options = { what: 'release', most: MAX_RELEASES };
  // 404: releases are switched off.
  const read = await orUndefinedIf404(connection.list({ path: `${path}/releases` }, listed(releaseSchema), options));
  return read && { items: withoutRefused(read.items).flatMap(toRelease), complete: read.complete };
}

/** A tag of what is no commit is left out. */
function toTag({ name, id, commit }: z.output<typeof tagSchema>): TagState[] {
  const to = commit.sha ?? commit.id;
  return to ? [{ name, sha: to, ...(id && id !== to && { object: id }) }] : [];
}

function toRelease({ tag_name, name, html_url, draft, prerelease }: z.output<typeof releaseSchema>): ReleaseState[] {
  if (draft) return [];
  return [
    { tag: tag_name, ...(name && { name }), ...(html_url && { url: html_url }), prerelease: prerelease === true },
  ];
}

/**
 * Returns the calls about the state of a repository of Gogs, whose API lists all branches, tags and releases at once,
 * and no pull requests. Older versions list no tags or releases.
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
    async tags() {
      const schema = z.array(listed(tagSchema));
      const list = await orUndefinedIf404(connection.get({ path: `${path}/tags` }, schema, 'list of tags'));
      if (!list) return undefined;
      const items = withoutRefused(list).flatMap(toTag);
      return { items: items.slice(0, MAX_TAGS), complete: items.length <= MAX_TAGS };
    },
    async releases() {
      const schema = z.array(listed(releaseSchema));
      const list = await orUndefinedIf404(connection.get({ path: `${path}/releases` }, schema, 'list of releases'));
      if (!list) return undefined;
      const items = withoutRefused(list).flatMap(toRelease);
      return { items: items.slice(0, MAX_RELEASES), complete: items.length <= MAX_RELEASES };
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
