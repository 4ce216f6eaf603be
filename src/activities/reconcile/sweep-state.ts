import type { PullRequest, Repository } from '../../events/event.js';
import { synthesisedKey } from '../../events/synthesised-key.js';
import type { BranchState, StateApi } from '../../providers/api.js';
import type { SynthesisedEvent } from './ingest.js';

/** A branch or an open pull request, and the commit that it is at. */
export interface Head {
  /** `branch:main`, `pull:7` */
  readonly id: string;
  readonly sha: string;
  /** Key of the delivery that would report it: the same state has the same key. */
  readonly key: string;
  /** Returns the event of that delivery. `before`: the commit in the last pass; undefined for a new head. */
  event(before: string | undefined): SynthesisedEvent;
}

/** The heads of a repository at its provider. */
export interface State {
  readonly repository: Repository;
  readonly heads: readonly Head[];
  /** Whether these are all heads. */
  readonly complete: boolean;
}

export interface ReadStateOptions {
  readonly source: string;
  readonly provider: string;
  readonly acquire: () => Promise<void>;
  readonly charge: (calls: number) => void;
}

/** How many items of a list one API call returns, roughly. */
const ITEMS_PER_CALL = 50;

/** Reads a repository's branches and open pull requests from its provider. */
export async function readState(
  api: StateApi,
  { source, provider, acquire, charge }: ReadStateOptions,
): Promise<State> {
  await acquire();
  const repository = await api.about();
  await acquire();
  const listed = await api.branches();
  charge(Math.floor(listed.items.length / ITEMS_PER_CALL));
  const branches = await withDefault(listed, { api, acquire, name: repository.defaultBranch });
  if (api.pullRequests) await acquire();
  const pulls = await api.pullRequests?.();
  charge(Math.floor((pulls?.items.length ?? 0) / ITEMS_PER_CALL));
  const about = { source, provider, repository };
  return {
    repository,
    heads: [
      ...branches.map(({ name, sha }) => branchHead(about, name, sha)),
      ...(pulls?.items ?? []).map((pull) => pullRequestHead(about, pull)),
    ],
    complete: listed.complete && pulls?.complete !== false,
  };
}

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
