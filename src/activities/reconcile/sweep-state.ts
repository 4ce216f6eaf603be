import type { Provider, PullRequest, Repository } from '../../events/event.js';
import type { StateApi } from '../../providers/provider.js';
import type { MadeEvent } from './take-in.js';

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
  readonly heads: readonly Head[];
  /** Whether these are all. */
  readonly complete: boolean;
}

export interface Reading {
  readonly source: string;
  readonly provider: Provider;
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
  const branches = await api.branches();
  charge(Math.floor(branches.items.length / ITEMS_PER_CALL));
  if (api.pullRequests) await turn();
  const pulls = await api.pullRequests?.();
  charge(Math.floor((pulls?.items.length ?? 0) / ITEMS_PER_CALL));
  const about = { source, provider, repository };
  return {
    heads: [
      ...branches.items.map(({ name, sha }) => branchHead(about, name, sha)),
      ...(pulls?.items ?? []).map((pull) => pullRequestHead(about, pull)),
    ],
    complete: branches.complete && pulls?.complete !== false,
  };
}

interface About {
  readonly source: string;
  readonly provider: Provider;
  readonly repository: Repository;
}

/** Who did it, a state does not say. */
const NOBODY = { login: 'ghost', bot: false };

function branchHead(about: About, branch: string, sha: string): Head {
  return {
    id: `branch:${branch}`,
    sha,
    key: `sweep/${about.repository.fullName}/${branch}@${sha}`,
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
    key: `sweep/${about.repository.fullName}/pull/${pullRequest.number}@${sha}`,
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
