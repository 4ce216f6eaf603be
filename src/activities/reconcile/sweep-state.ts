import type { PullRequest, Repository } from '../../events/event.js';
import { synthesisedKey } from '../../events/synthesised-key.js';
import { ProviderError } from '../../providers/error.js';
import type { Pages } from '../../providers/pages.js';
import type { BranchState, ReleaseState, StateApi, TagState } from '../../providers/state-api.js';
import type { SynthesisedEvent } from './ingest.js';

/** The lists that heads come from. Each may be cut, or not be there, by itself. */
export type HeadList = 'heads' | 'tags' | 'releases';

/** A branch, an open pull request, a tag or a release, and the commit that it is at. */
export interface Head {
  /** `branch:main`, `pull:7`, `tag:v1`, `release:v1` */
  readonly id: string;
  /** Of branches and pull requests: `heads`. */
  readonly list: HeadList;
  /** Of a release {@link PUBLISHED}, since no delivery tells its commit. */
  readonly sha: string;
  /** What a delivery may have in the commit's place: an annotated tag's own object. */
  readonly object?: string;
  /** Key of the delivery that would report it: the same state has the same key. */
  readonly key: string;
  /** Returns the event of that delivery. `before`: the commit in the last pass; undefined for a new head. */
  event(before: string | undefined): SynthesisedEvent;
}

/** The heads of a repository at its provider. */
export interface State {
  readonly repository: Repository;
  readonly heads: readonly Head[];
  /** Whether these are all heads of each list. */
  readonly complete: Readonly<Record<HeadList, boolean>>;
  /** Why a list could not be read, a short sentence each. */
  readonly troubles: readonly string[];
}

/** Stands in a release's head for its commit. */
export const PUBLISHED = 'published';

/** What of a repository's state is read. */
export interface ReadStateOptions {
  readonly source: string;
  readonly provider: string;
  readonly repository: Repository;
  readonly acquire: () => Promise<void>;
  readonly charge: (calls: number) => void;
}

/** How many items of a list one API call returns, roughly. */
const ITEMS_PER_CALL = 50;

/** Reads a repository's branches, open pull requests, tags and releases from its provider. */
export async function readState(
  api: StateApi,
  { source, provider, repository, acquire, charge }: ReadStateOptions,
): Promise<State> {
  const paid = async <P extends Pages<unknown> | undefined>(list: () => Promise<P>): Promise<P> => {
    await acquire();
    const pages = await list();
    charge(Math.floor((pages?.items.length ?? 0) / ITEMS_PER_CALL));
    return pages;
  };
  const listed = await paid(api.branches);
  const branches = await withDefault(listed, { api, acquire, name: repository.defaultBranch });
  const pulls = api.pullRequests && (await paid(api.pullRequests));
  const troubles: string[] = [];
  const further = async <T>(what: string, list: (() => Promise<Pages<T> | undefined>) | undefined) => {
    const pages =
      list &&
      paid(list).catch((error: unknown) => {
        // The heads are worth more: a list that our account may not see keeps none of them back.
        if (!(error instanceof ProviderError) || error.kind === 'unavailable') throw error;
        troubles.push(`its ${what} are not read: ${error.message}`);
        return undefined;
      });
    return (await pages) ?? NOTHING;
  };
  const tags = await further('tags', api.tags);
  const releases = await further('releases', api.releases);
  const about = { source, provider, repository };
  return {
    repository,
    heads: [
      ...branches.map(({ name, sha }) => branchHead(about, name, sha)),
      ...(pulls?.items ?? []).map((pull) => pullRequestHead(about, pull)),
      ...tags.items.map((tag) => tagHead(about, tag)),
      ...releases.items.map((release) => releaseHead(about, release)),
    ],
    complete: {
      heads: listed.complete && pulls?.complete !== false,
      tags: tags.complete,
      releases: releases.complete,
    },
    troubles,
  };
}

/** A list that is not there: nothing in a later one is new by that. */
const NOTHING = { items: [], complete: false };

/** Adds the default branch to a list that was cut before it. */
async function withDefault(
  { items, complete }: Awaited<ReturnType<StateApi['branches']>>,
  {
    api,
    acquire,
    name,
  }: Pick<ReadStateOptions, 'acquire'> & { readonly api: StateApi; readonly name: string | undefined },
): Promise<readonly BranchState[]> {
  if (complete || name === undefined || !api.branch || items.some((branch) => branch.name === name)) return items;
  await acquire();
  const branch = await api.branch(name);
  return branch ? [branch, ...items] : items;
}

interface About {
  readonly source: string;
  readonly provider: string;
  readonly repository: Repository;
}

/** A state does not say who changed it. */
const NOBODY = { login: 'ghost', bot: false };

function branchHead(about: About, branch: string, sha: string): Head {
  return {
    id: `branch:${branch}`,
    list: 'heads',
    sha,
    key: synthesisedKey({ ...about, kind: 'push', branch, commit: { sha } }),
    event: (before) => ({
      ...about,
      kind: 'push',
      sender: NOBODY,
      ref: `refs/heads/${branch}`,
      branch,
      ...(before !== undefined && { before }),
      commit: { sha },
      created: before === undefined,
      // Whether it was forced is unknown; where it was, the provider knows which files changed.
    }),
  };
}

function pullRequestHead(about: About, pullRequest: PullRequest): Head {
  const { sha } = pullRequest.head;
  return {
    id: `pull:${pullRequest.number}`,
    list: 'heads',
    sha,
    key: synthesisedKey({ ...about, kind: 'pull_request', pullRequest, commit: { sha } }),
    event: (before) => ({
      ...about,
      kind: 'pull_request',
      sender: NOBODY,
      action: before === undefined ? 'opened' : 'synchronize',
      pullRequest,
      commit: { sha },
    }),
  };
}

function tagHead(about: About, { name: tag, sha, object }: TagState): Head {
  return {
    id: `tag:${tag}`,
    list: 'tags',
    sha,
    ...(object !== undefined && { object }),
    // A delivery that comes late has the same.
    key: synthesisedKey({ ...about, kind: 'tag', tag, commit: { sha: object ?? sha } }),
    event: (before) => ({
      ...about,
      kind: 'tag',
      sender: NOBODY,
      ref: `refs/tags/${tag}`,
      tag,
      commit: { sha },
      created: before === undefined,
    }),
  };
}

function releaseHead(about: About, release: ReleaseState): Head {
  const { tag } = release;
  return {
    id: `release:${tag}`,
    list: 'releases',
    sha: PUBLISHED,
    key: synthesisedKey({ ...about, kind: 'release', tag }),
    event: () => ({ ...about, ...release, kind: 'release', sender: NOBODY, action: 'published', draft: false }),
  };
}
