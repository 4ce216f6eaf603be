import type { PullRequest, Repository } from '../../events/event.js';
import { synthesisedKey } from '../../events/synthesised-key.js';
import type { BranchState, StateApi } from '../../providers/api.js';
import type { MadeEvent } from './ingest.js';

/** A branch or an open pull request, with the commit that it stands at. */
export interface Head {
  /** `branch:main`, `pull:7` */
  readonly id: string;
  readonly sha: string;
  /** Of the delivery that would tell of it: the same state twice has the same. */
  readonly key: string;
  /** The event that its delivery would have brought. `before`: where it stood when it was looked at last. */
  event(before: string | undefined): MadeEvent;
}

export interface State {
  readonly repository: Repository;
  readonly heads: readonly Head[];
  /** Whether these are all. */
  readonly complete: boolean;
}

export interface Reading {
  readonly source: string;
  readonly provider: string;
  readonly turn: () => Promise<void>;
  readonly charge: (calls: number) => void;
}

/** Roughly: providers differ. */
const ITEMS_PER_CALL = 50;

/** Asks where everything in a repository stands. */
export async function readState(api: StateApi, { source, provider, turn, charge }: Reading): Promise<State> {
  await turn();
  const repository = await api.about();
  await turn();
  const listed = await api.branches();
  charge(Math.floor(listed.items.length / ITEMS_PER_CALL));
  const branches = await withDefault(listed, { api, turn, name: repository.defaultBranch });
  if (api.pullRequests) await turn();
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

/** A list that was cut may be without the branch that matters most. */
async function withDefault(
  { items, complete }: Awaited<ReturnType<StateApi['branches']>>,
  { api, turn, name }: Pick<Reading, 'turn'> & { readonly api: StateApi; readonly name: string | undefined },
): Promise<readonly BranchState[]> {
  if (complete || name === undefined || !api.branch || items.some((branch) => branch.name === name)) return items;
  await turn();
  const branch = await api.branch(name);
  return branch ? [branch, ...items] : items;
}

interface About {
  readonly source: string;
  readonly provider: string;
  readonly repository: Repository;
}

/** Who did it, a state does not say. */
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
      // Whether something was thrown away is not known; as long as it is not, all files count.
      forced: false,
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
