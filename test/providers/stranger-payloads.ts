import type { Source } from '../../src/providers/source.js';
import { repository as hub, SHA } from '../support/harness/payloads.js';
import { type Seed, seedsOf } from './properties-seeds.js';

/** What a provider sends about code of a stranger, made of its own fixtures. */
export interface StrangersPayload {
  readonly name: string;
  readonly event: string | undefined;
  readonly body: unknown;
  /** Fields by which alone the provider tells that it is a stranger's: without them the body says that it is ours. */
  readonly telling?: readonly string[];
}

type Kind = Source['kind'];
type Change = (body: never) => unknown;

/** The pull request's fixture of a provider whose head lies in the repository itself. */
function ownPull(kind: Kind, event: string | undefined): Seed {
  const isPull = (seed: Seed) =>
    event === undefined
      ? (seed.body as { eventType?: string }).eventType === 'git.pullrequest.created'
      : seed.event === event;
  const seed = seedsOf(kind).find(isPull);
  if (!seed) throw new Error(`${kind} has no fixture of a pull request`);
  return seed;
}

const made = (
  kind: Kind,
  event: string | undefined,
  changes: Readonly<Record<string, readonly [Change, ...string[]]>>,
) =>
  Object.entries(changes).map(([name, [change, ...telling]]): StrangersPayload => {
    const seed = ownPull(kind, event);
    return { name, event: seed.event, body: change(structuredClone(seed.body) as never), telling };
  });

interface Sides {
  pull_request: { head: object; base: object };
}
const head =
  (change: object, base: object = {}): Change =>
  (body: Sides) => ({
    ...body,
    pull_request: {
      ...body.pull_request,
      head: { ...body.pull_request.head, ...change },
      base: { ...body.pull_request.base, ...base },
    },
  });

const giteaLike = (kind: 'gitea' | 'forgejo') =>
  made(kind, 'pull_request', {
    'a fork': [head({ repo: { id: 99, full_name: 'eve/shop' }, repo_id: 99 })],
    'a fork by its id alone': [head({ repo: undefined, repo_id: 99 }, { repo: undefined })],
    'an AGit pull request': [head({ label: '', ref: 'refs/pull/9/head' })],
    'an AGit pull request without a label': [head({ ref: 'refs/pull/9/head' })],
    'an AGit pull request told by its label': [head({ label: '' }), 'label'],
    'an AGit pull request by the ids alone': [head({ ref: 'refs/pull/9/head', repo: undefined }, { repo: undefined })],
    'a push for review': [head({ ref: 'refs/for/main/topic' })],
    'a deleted fork': [head({ repo: null, repo_id: -1 })],
    'no repository, though the base has one': [head({ repo: null }), 'repo'],
    'two repositories': [head({ repo_id: 99 }), 'repo_id'],
    'no repository at all': [head({ repo: null, repo_id: null }, { repo: null, repo_id: null })],
    'repositories numbered 0': [head({ repo: null, repo_id: 0 }, { repo: null, repo_id: 0 })],
  });

const attributes =
  (change: object): Change =>
  (body: { object_attributes: object }) => ({
    ...body,
    object_attributes: { ...body.object_attributes, ...change },
  });

const source =
  (change: object): Change =>
  (body: { pullrequest: { source: object } }) => ({
    ...body,
    pullrequest: { ...body.pullrequest, source: { ...body.pullrequest.source, ...change } },
  });

const fromRef =
  (change: object): Change =>
  (body: { pullRequest: { fromRef: object } }) => ({
    ...body,
    pullRequest: { ...body.pullRequest, fromRef: { ...body.pullRequest.fromRef, ...change } },
  });

const resource =
  (change: object): Change =>
  (body: { resource: object }) => ({ ...body, resource: { ...body.resource, ...change } });

/** Pull requests whose code is not known to come from a branch of the repository that they go into. */
export function strangersPulls(kind: Kind): readonly StrangersPayload[] {
  switch (kind) {
    case 'github':
      return made(kind, 'pull_request', {
        'a fork': [head({ repo: { id: 99, full_name: 'eve/shop' } })],
        'a deleted fork': [head({ repo: null })],
        'a head that is not a branch': [head({ ref: 'refs/pull/9/head' })],
      });
    case 'gitea':
    case 'forgejo':
      return giteaLike(kind);
    case 'gitlab':
      return made(kind, 'Merge Request Hook', {
        'a fork': [attributes({ source_project_id: 99 })],
        'a fork whose branch is called main': [attributes({ source_project_id: 99, source_branch: 'main' })],
        'a deleted fork': [attributes({ source_project_id: null, source: null })],
        'a head that is not a branch': [attributes({ source_branch: 'refs/merge-requests/9/head' })],
        'projects that are not told': [attributes({ source_project_id: undefined, target_project_id: undefined })],
      });
    case 'bitbucket-cloud':
      return made(kind, 'pullrequest:created', {
        'a fork': [source({ repository: { uuid: '{99999999-7777-4777-8777-777777777777}', full_name: 'eve/shop' } })],
        'a fork by its name alone': [source({ repository: { full_name: 'eve/shop' } })],
        'a deleted fork': [source({ repository: null })],
        'a head that is not a branch': [source({ branch: { name: 'refs/pull-requests/9/from' } })],
      });
    case 'bitbucket-data-center':
      return made(kind, 'pr:opened', {
        'a fork': [fromRef({ repository: { id: 99, slug: 'shop', project: { key: '~EVE' } } })],
        'a deleted fork': [fromRef({ repository: null })],
        'a head that is not a branch': [fromRef({ id: 'refs/pull-requests/9/from' })],
        'a tag': [fromRef({ id: 'refs/tags/v1' })],
      });
    case 'azure-devops':
      return made(kind, undefined, {
        'a fork': [
          resource({ forkSource: { name: 'refs/heads/x', repository: { name: 'eve', project: { name: 'eve' } } } }),
          'forkSource',
        ],
        'a fork that is not told': [resource({ forkSource: {} }), 'forkSource'],
        'a head that is not a branch': [resource({ sourceRefName: 'refs/pull/9/merge' })],
      });
    default:
      return [];
  }
}

const run = { name: 'unit', head_sha: SHA, head_branch: 'main', status: 'completed', conclusion: 'failure' };
const workflowRun = (change: object) => ({
  name: 'a workflow run',
  event: 'workflow_run',
  body: { action: 'completed', repository: hub, workflow_run: { ...run, ...change } },
});
const checkRun = (name: string, change: object) => ({
  name,
  event: 'check_run',
  body: { action: 'completed', repository: hub, check_run: { ...run, ...change } },
});
const pipeline = (name: string, change: object, rest: object, ...telling: string[]): StrangersPayload => {
  const seed = seedsOf('gitlab').find(({ event }) => event === 'Pipeline Hook');
  const { object_attributes, ...body } = structuredClone(seed?.body) as { object_attributes: object };
  const attributes = { ...object_attributes, ref: 'main', status: 'failed', tag: false, ...change };
  return { name, event: 'Pipeline Hook', body: { ...body, object_attributes: attributes, ...rest }, telling };
};
const gitlabDeployment = (change: object) => {
  const seed = seedsOf('gitlab').find(({ event }) => event === 'Deployment Hook');
  return { event: seed?.event, body: { ...(structuredClone(seed?.body) as object), ...change } };
};
const deployment = (name: string, change: object, ...telling: string[]): StrangersPayload => ({
  name,
  event: 'deployment',
  body: {
    action: 'created',
    repository: hub,
    deployment: { id: 1, sha: SHA, ref: 'main', environment: 'production' },
    ...change,
  },
  telling,
});

/** Statuses and deployments of strangers' commits, whose branch is called as one of ours. */
export function strangersStatuses(kind: Kind): readonly StrangersPayload[] {
  switch (kind) {
    case 'github':
      return [
        workflowRun({ head_repository: { id: 99, full_name: 'eve/shop' } }),
        { ...workflowRun({ head_repository: null }), name: 'a workflow run of a deleted fork' },
        { ...workflowRun({}), name: 'a workflow run whose repository is not told' },
        checkRun('a check run whose suite has no branch', { check_suite: { head_branch: null }, pull_requests: [] }),
        checkRun('a check run without a suite', {}),
        {
          ...checkRun('a check run of a pull request from elsewhere', {
            check_suite: { head_branch: 'main' },
            pull_requests: [{ number: 7, head: { ref: 'main', repo: { id: 99 } } }],
          }),
          telling: ['pull_requests', '0'],
        },
        {
          name: 'a commit status of no branch',
          event: 'status',
          body: { repository: hub, sha: SHA, state: 'failure', context: 'build', branches: [] },
        },
        deployment('a deployment of a fork', { workflow_run: { head_repository: { id: 99 } } }, 'workflow_run'),
        deployment('a deployment of a pull request', {
          deployment: { id: 1, sha: SHA, ref: 'refs/pull/9/merge', environment: 'production' },
        }),
      ];
    case 'gitlab':
      return [
        pipeline(
          'a pipeline of a fork',
          { source: 'merge_request_event' },
          { merge_request: { source_branch: 'main', source_project_id: 99, target_project_id: 15 } },
        ),
        pipeline(
          'a pipeline of a deleted fork',
          { source: 'merge_request_event' },
          { merge_request: { source_project_id: null, target_project_id: 15 } },
        ),
        pipeline(
          'a pipeline of a fork without its source',
          {},
          { merge_request: { source_project_id: 99, target_project_id: 15 } },
          'merge_request',
        ),
        pipeline('a pipeline of a merge request that is not told', { source: 'merge_request_event' }, {}, 'source'),
        pipeline('a pipeline of a merge request by its ref', { ref: 'refs/merge-requests/9/head' }, {}, 'ref'),
        {
          ...gitlabDeployment({ status: 'created', ref: 'refs/merge-requests/9/head' }),
          name: 'a deployment of a merge request',
          telling: ['ref'],
        },
        pipeline('a pipeline of a pull request elsewhere', { source: 'external_pull_request_event' }, {}, 'source'),
      ];
    case 'bitbucket-cloud': {
      const seed = seedsOf(kind).find(({ event }) => event === 'repo:commit_status_updated');
      const { commit_status, ...body } = structuredClone(seed?.body) as { commit_status: object };
      const of = (change: object) => ({ ...body, commit_status: { ...commit_status, state: 'FAILED', ...change } });
      return [
        {
          name: "a status of a fork's commit",
          event: 'repo:commit_status_updated',
          body: of({ commit: { hash: SHA, repository: { full_name: 'eve/shop' } } }),
          telling: ['commit', 'repository', 'full_name'],
        },
        {
          name: "a status of a fork's commit by its link",
          event: 'repo:commit_status_updated',
          body: of({
            commit: undefined,
            links: { commit: { href: `https://api.bitbucket.org/2.0/repositories/eve/shop/commit/${SHA}` } },
          }),
          telling: ['links', 'commit', 'href'],
        },
      ];
    }
    default:
      return [];
  }
}
