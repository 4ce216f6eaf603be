import { describe, expect, it } from 'vitest';
import { commitOf } from '../../src/events/accessors.js';
import { describe as inWords } from '../../src/events/describe.js';
import type { TagEvent } from '../../src/events/event.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { eventsOf } from '../../src/providers/webhook-scheme.js';
import { context } from './properties-seeds.js';
import { sourceOf } from './senders.js';

const COMMIT = 'c'.repeat(40);
const OBJECT = 'd'.repeat(40);
const HEAD = 'e'.repeat(40);
const ZERO = '0'.repeat(40);

const gitRepository = { id: 1, full_name: 'acme/app', html_url: 'https://git.example/acme/app', private: true };
const project = { id: 1, path_with_namespace: 'acme/app', web_url: 'https://git.example/acme/app' };
const server = { id: 1, slug: 'app', project: { key: 'ACME' } };
const azureRepository = { id: '1', name: 'app', project: { name: 'acme' } };
const branch = { refId: 'refs/heads/main', fromHash: COMMIT, toHash: HEAD };
const tag = { refId: 'refs/tags/v2', fromHash: ZERO, toHash: OBJECT };

interface Row {
  readonly kind: ProviderKind;
  readonly what: string;
  readonly event: string;
  readonly payload: object;
}

const pushed = { ref: 'refs/tags/v2', before: ZERO, after: OBJECT, repository: gitRepository };
const tagPush = { ref: 'refs/tags/v2', before: ZERO, after: OBJECT, project };
const cloudTag = (target: object, type = 'tag') => ({
  repository: { full_name: 'acme/app' },
  push: { changes: [{ new: { type, name: 'v2', target } }] },
});

/** Payloads that name the commit beside the tag's own object. */
const telling: readonly Row[] = [
  { kind: 'github', what: 'push', event: 'push', payload: { ...pushed, head_commit: { id: COMMIT } } },
  { kind: 'gitlab', what: 'tag push', event: 'Tag Push Hook', payload: { ...tagPush, checkout_sha: COMMIT } },
  { kind: 'bitbucket-cloud', what: 'push', event: 'repo:push', payload: cloudTag({ type: 'commit', hash: COMMIT }) },
  {
    kind: 'bitbucket-cloud',
    what: 'push of what it calls an annotated tag',
    event: 'repo:push',
    payload: cloudTag({ type: 'commit', hash: COMMIT }, 'annotated_tag'),
  },
  {
    kind: 'bitbucket-data-center',
    what: 'push of the tag alone',
    event: 'repo:refs_changed',
    payload: { repository: server, changes: [tag], toCommit: { id: COMMIT } },
  },
  {
    kind: 'azure-devops',
    what: 'push of the tag with its commit',
    event: 'git.push',
    payload: {
      resource: {
        repository: azureRepository,
        refUpdates: [{ name: 'refs/tags/v2', oldObjectId: ZERO, newObjectId: COMMIT }],
        commits: [{ commitId: COMMIT }],
      },
    },
  },
];

/** Payloads in which the tag's own object may stand where its commit belongs. */
const silent: readonly Row[] = [
  { kind: 'github', what: 'push without head commit', event: 'push', payload: { ...pushed, head_commit: null } },
  { kind: 'gitlab', what: 'tag push without checkout', event: 'Tag Push Hook', payload: tagPush },
  ...(['gitea', 'forgejo', 'gogs'] as const).flatMap((kind): Row[] => [
    {
      kind,
      what: 'create',
      event: 'create',
      payload: { ref: 'v2', ref_type: 'tag', sha: OBJECT, repository: gitRepository },
    },
    { kind, what: 'push without head commit', event: 'push', payload: pushed },
    { kind, what: 'push', event: 'push', payload: { ...pushed, head_commit: { id: COMMIT } } },
  ]),
  {
    kind: 'bitbucket-cloud',
    what: 'tag of another object',
    event: 'repo:push',
    payload: cloudTag({ type: 'tag', hash: OBJECT }),
  },
  {
    kind: 'bitbucket-data-center',
    what: 'push of the tag beside a branch',
    event: 'repo:refs_changed',
    payload: { repository: server, changes: [branch, tag], toCommit: { id: HEAD } },
  },
  {
    kind: 'bitbucket-data-center',
    what: 'push that names no commit',
    event: 'repo:refs_changed',
    payload: { repository: server, changes: [tag] },
  },
  {
    kind: 'azure-devops',
    what: 'push of the tag beside a branch',
    event: 'git.push',
    payload: {
      resource: {
        repository: azureRepository,
        refUpdates: [
          { name: 'refs/heads/main', oldObjectId: COMMIT, newObjectId: HEAD },
          { name: 'refs/tags/v2', oldObjectId: ZERO, newObjectId: OBJECT },
        ],
        commits: [{ commitId: HEAD }],
      },
    },
  },
];

function tagOf({ kind, event, payload }: Row): TagEvent | undefined {
  const normalised = schemeOf(sourceOf(kind)).normalise(payload, event, context);
  const events = 'ignored' in normalised ? [] : eventsOf(normalised);
  return events.find((one) => one.kind === 'tag');
}

describe.each(telling)('a $what of $kind', (row) => {
  it('names the commit of the tag', () => {
    const event = tagOf(row);
    expect(event?.commit.sha).toBe(COMMIT);
    expect(event).not.toHaveProperty('unpeeled');
  });
});

describe.each(silent)('a $what of $kind', (row) => {
  it("leaves the tag's commit to be asked for, and calls nothing else so", () => {
    const event = tagOf(row);
    expect(event).toMatchObject({ tag: 'v2', unpeeled: true, commit: { sha: OBJECT } });
    expect(event && commitOf(event)).toBeUndefined();
    expect(event && inWords(event)).not.toContain(OBJECT.slice(0, 7));
  });
});
