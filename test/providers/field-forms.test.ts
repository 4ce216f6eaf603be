import { describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import { eventsOf, MalformedPayload } from '../../src/providers/webhook-scheme.js';
import { pullRequest } from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import { pullRequestPayload, pushPayload, repository } from '../support/harness/payloads.js';
import { withForm } from './field-forms.js';
import { context, type Path, type Seed, seedsOf, sentAs } from './properties-seeds.js';
import { kinds, sourceOf } from './senders.js';

type Kind = (typeof kinds)[number];

function read(
  kind: Kind,
  { event, body }: { readonly event?: string | undefined; readonly body: unknown },
): readonly HookyardEvent[] | string {
  const scheme = schemeOf(sourceOf(kind));
  try {
    const delivery = { ...sentAs(kind, Buffer.from(JSON.stringify(body)), event), payload: body };
    const answer = scheme.normalise(body, scheme.eventName(delivery), context);
    return 'ignored' in answer ? answer.ignored : eventsOf(answer);
  } catch (error) {
    if (error instanceof MalformedPayload) return error.message;
    throw error;
  }
}

/** Where the number of a pull request or an issue stands, by its name. */
const NUMBERS = ['number', 'iid', 'pullRequestId', 'pullrequest.id', 'pullRequest.id'];
const TITLES = [
  'pull_request.title',
  'issue.title',
  'object_attributes.title',
  'merge_request.title',
  'pullrequest.title',
  'pullRequest.title',
  'resource.title',
];
const ends = (path: Path, names: readonly string[]) =>
  names.some((name) => path.join('.') === name || path.join('.').endsWith(`.${name}`));

const seeds = kinds.flatMap((kind) => seedsOf(kind).map((seed) => [kind, seed] as const));
const having = (names: readonly string[]) =>
  seeds.flatMap(([kind, seed]) => seed.read.filter((path) => ends(path, names)).map((path) => ({ kind, seed, path })));

test('the number of a pull request or issue may be a text', () => {
  const cases = having(NUMBERS);
  expect(new Set(cases.map(({ kind }) => kind)).size).toBe(8);
  for (const { kind, seed, path } of cases) {
    const number = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], seed.body);
    const body = withForm(seed.body, path, { how: 'other', value: String(number) });
    expect(read(kind, { ...seed, body }), `${kind} ${seed.event}`).toEqual(read(kind, seed));
  }
});

test.each(['absent', 'null'] as const)('a title that is %s loses no event', (how) => {
  const cases = having(TITLES);
  expect(new Set(cases.map(({ kind }) => kind)).size).toBe(8);
  for (const { kind, seed, path } of cases) {
    const [before] = read(kind, seed);
    const [after] = read(kind, { ...seed, body: withForm(seed.body, path, { how }) });
    expect(after, `${kind} ${seed.event}`).toMatchObject({ kind: (before as HookyardEvent).kind });
  }
});

const TIMES = ['updated_at', 'created_at', 'updated_on', 'created_on', 'createdDate', 'updatedDate', 'closedDate'];
const BRANCHES = ['default_branch', 'mainbranch.name', 'defaultBranch', 'refname', 'branches.0.name'];

test('a time or a branch that nothing needs loses no event, whatever form it has', () => {
  const times = having(TIMES).map((one) => ({ ...one, others: ['yesterday', '2026-11-24 08:00', 1_795_507_200, ''] }));
  const branches = having(BRANCHES).map((one) => ({ ...one, others: ['', 'a..b', 'x.lock', 7] }));
  expect(new Set(times.map(({ kind }) => kind)).size).toBeGreaterThan(4);
  expect(new Set(branches.map(({ kind }) => kind)).size).toBeGreaterThan(5);
  for (const { kind, seed, path, others } of [...times, ...branches]) {
    const before = read(kind, seed);
    for (const value of others) {
      const after = read(kind, { ...seed, body: withForm(seed.body, path, { how: 'other', value }) });
      const where = `${kind} ${seed.event} ${path.join('.')} ${value}`;
      if (typeof before === 'string') expect(typeof after, where).toBe('string');
      else expect(after, where).toMatchObject(before.map((event) => ({ kind: event.kind })));
    }
  }
});

test('a deployment of GitLab that names no ref is one of no branch, and one of a ref that git refuses is not read', () => {
  const seed = seedsOf('gitlab').find(({ event }) => event === 'Deployment Hook') as Seed;
  const of = (value: unknown) =>
    read('gitlab', { ...seed, body: withForm(seed.body, ['ref'], { how: 'other', value }) });
  expect(of('')).toMatchObject([{ kind: 'deployment', action: 'success' }]);
  expect((of('') as readonly HookyardEvent[])[0]).not.toHaveProperty('ref');
  expect(of('refs/merge-requests/1/head')).toMatchObject([{ fork: true }]);
  expect(of('a..b')).toContain('ref is missing or malformed');
});

test.each(['issue_comment', 'pull_request_review_comment', 'commit_comment'])(
  'an action of %s that was added since is ignored with its reason',
  (event) => {
    const issue = { number: 7, title: 't', state: 'open' };
    const body = {
      action: 'pinned',
      comment: { id: 1, body: 'x', commit_id: 'a'.repeat(40) },
      ...{ issue, pull_request: issue, repository },
    };
    expect(read('github', { event, body })).toBe('no automation can listen to this comment action');
    expect(read('github', { event, body: { ...body, action: 'created' } })).toMatchObject([{ kind: 'comment' }]);
  },
);

test('a status of a state that was added since is ignored with its reason', () => {
  const of = (state: string) => ({ event: 'status', body: { sha: 'a'.repeat(40), state, context: 'ci', repository } });
  expect(read('github', of('expected'))).toBe('no automation can listen to this state of a status');
  expect(read('github', of('error'))).toMatchObject([{ state: 'failure' }]);
});

describe('fields of people', () => {
  const push = (sender: unknown) => ({ event: 'push', body: pushPayload({ sender }) });

  test.each(['github', 'gitea', 'forgejo', 'gogs'] as const)(
    '%s: who acted may have no login, or be nobody',
    (kind) => {
      for (const sender of [undefined, null, {}, { login: null }, { login: '' }])
        expect(read(kind, push(sender))).toMatchObject([{ kind: 'push', sender: { login: 'ghost' } }]);
      expect(read(kind, push({ username: 'ada' }))).toMatchObject([{ sender: { login: 'ada' } }]);
    },
  );
});

test('a label without a name is left out, and does not lose the pull request', () => {
  const pull = pullRequestPayload({}, { labels: [{ name: 'bug' }, { name: null }, null, 'x', { name: 'ready' }] });
  expect(read('github', { event: 'pull_request', body: pull })).toMatchObject([
    { pullRequest: { labels: ['bug', 'ready'] } },
  ]);
});

test('a change that is null is none: nothing runs as if there was new code', () => {
  const github = (changes: object) => ({
    event: 'pull_request',
    body: pullRequestPayload({ action: 'edited', changes }),
  });
  const gitlabSeed = seedsOf('gitlab').find(({ event }) => event === 'Merge Request Hook') as Seed;
  const request = (gitlabSeed.body as { object_attributes: object }).object_attributes;
  const gitlab = (changes: object) => ({
    event: gitlabSeed.event,
    body: { ...(gitlabSeed.body as object), object_attributes: { ...request, action: 'update' }, changes },
  });
  const gitea = (changes: object) => ({
    event: 'pull_request',
    body: { ...pullRequestPayload({ action: 'edited', changes, repository }), number: 7 },
  });
  const runs = (events: readonly HookyardEvent[] | string) => {
    const [event] = events as readonly HookyardEvent[];
    expect(event).toMatchObject({ kind: 'pull_request', action: 'edited' });
    return match({ on: [pullRequest()] }, event as HookyardEvent).runs;
  };
  expect(runs(read('github', github({ base: { ref: { from: 'old' } } })))).toBe(true);
  expect(runs(read('github', github({ base: null })))).toBe(false);
  expect(runs(read('gitlab', gitlab({ target_branch: { previous: 'old' } })))).toBe(true);
  expect(runs(read('gitlab', gitlab({ target_branch: null, labels: null })))).toBe(false);
  expect(runs(read('gitea', gitea({ ref: { from: 'old' } })))).toBe(true);
  expect(runs(read('gitea', gitea({ ref: null })))).toBe(false);
});

test('GitLab says as a number or as a text how visible a project is', () => {
  const seed = seedsOf('gitlab').find(({ event }) => event === 'Push Hook') as Seed;
  for (const [value, isPrivate] of [
    [20, false],
    ['20', false],
    [0, true],
    ['private', true],
    [null, true],
  ])
    expect(
      read('gitlab', { ...seed, body: withForm(seed.body, ['project', 'visibility_level'], { how: 'other', value }) }),
    ).toMatchObject([{ repository: { private: isPrivate } }]);
});
