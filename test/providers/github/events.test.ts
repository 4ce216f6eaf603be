import { describe, expect, it } from 'vitest';
import { type HookyardEvent, PULL_REQUEST_ACTIONS } from '../../../src/events/event.js';
import { storedEvent } from '../../../src/intake/stored-event.js';
import { github as githubKind } from '../../../src/providers/github/webhook/index.js';
import { eventsOf, MalformedPayload, type SourceHeaders } from '../../../src/providers/webhook-scheme.js';
import { examples } from '../../support/harness/delivery.js';
import { BEFORE, pullRequestPayload, pushPayload, repository, SHA, ZERO } from '../../support/harness/payloads.js';

const github = githubKind({ secrets: [] });

const context = { source: 'github', deliveryId: 'd1', receivedAt: '2026-11-24T08:00:00.000Z' };
const json: SourceHeaders = { 'content-type': 'application/json' };

const read = (name: string, payload: unknown) =>
  github.normalise(github.parse({ headers: json, body: Buffer.from(JSON.stringify(payload)) }), name, context);
const event = (name: string, payload: unknown) => {
  const normalised = read(name, payload);
  if ('ignored' in normalised) throw new Error(normalised.ignored);
  return eventsOf(normalised)[0] as HookyardEvent;
};

describe('a push', () => {
  it('a push to a branch says which commit, by whom, and which files', () => {
    expect(event('push', pushPayload())).toEqual({
      ...context,
      kind: 'push',
      provider: 'github',
      repository: {
        id: '42',
        fullName: 'acme/shop',
        url: 'https://github.com/acme/shop',
        defaultBranch: 'main',
        private: false,
      },
      sender: { login: 'ada', bot: false },
      ref: 'refs/heads/main',
      branch: 'main',
      before: BEFORE,
      commit: { sha: SHA, message: 'Sell more', author: 'ada', url: `https://github.com/acme/shop/commit/${SHA}` },
      changedFiles: ['README.md', 'src/basket.ts', 'src/cart.ts'],
      created: false,
      forced: false,
    });
  });

  it('a push of a new branch has nothing before it and no list of files', () => {
    const created = event('push', pushPayload({ before: ZERO, created: true }));
    expect(created).toMatchObject({ kind: 'push', created: true });
    expect(created).not.toHaveProperty('before');
    expect(created).not.toHaveProperty('changedFiles');
  });

  const commit = (id: string, files: number, prefix = id) => ({
    id,
    added: Array.from({ length: files }, (_, i) => `${prefix}/${i}`),
    removed: [],
    modified: [],
  });
  const many = (count: number) => [...Array.from({ length: count - 1 }, (_, i) => commit(`${i}`, 0)), commit(SHA, 1)];

  it.each([
    ['forced', { forced: true }],
    ['without commits', { commits: [] }],
    ['without the head among its commits', { commits: [commit(BEFORE, 1)] }],
    ['of as many commits as GitHub lists at most', { commits: many(2_048) }],
    ['of as many files as GitHub lists at most', { commits: [commit(BEFORE, 2_000), commit(SHA, 1_000)] }],
    ['with a commit that does not list its files', { commits: [{ id: SHA, added: ['a'] }] }],
  ])('a push of %s does not say which files changed', (_, change) => {
    expect(event('push', pushPayload(change))).not.toHaveProperty('changedFiles');
  });

  it('a push of many commits names each file once', () => {
    const commits = [...many(2_047), commit(SHA, 3, 'x'), commit(BEFORE, 3, 'x')].slice(1_000);
    expect(event('push', pushPayload({ commits }))).toMatchObject({
      changedFiles: [`${SHA}/0`, 'x/0', 'x/1', 'x/2'],
    });
  });

  it('a push of more files than a workflow should carry is stored without them', () => {
    const files = (count: number, prefix: string) =>
      event('push', pushPayload({ commits: [commit(SHA, count, prefix)] }));
    expect(storedEvent(files(300, 'a'))).toHaveProperty('changedFiles');
    expect(storedEvent(files(301, 'a'))).not.toHaveProperty('changedFiles');
    expect(storedEvent(files(200, 'a'.repeat(200)))).not.toHaveProperty('changedFiles');
    expect(files(301, 'a')).toHaveProperty('changedFiles');
  });

  it.each([
    [{ deleted: true, after: ZERO, head_commit: null, commits: [] }, 'branch_deleted', { branch: 'main' }],
    [{ ref: 'refs/tags/v1', deleted: true, after: ZERO, head_commit: null }, 'tag_deleted', { tag: 'v1' }],
    [{ ref: 'refs/heads/a/b', commits: [] }, 'push', { branch: 'a/b' }],
  ])('a push with %j is a %s event', (change, kind, fields) => {
    expect(event('push', pushPayload(change))).toMatchObject({ kind, before: BEFORE, ...fields });
  });

  it('a push of an annotated tag leads to the commit and not to the tag object', () => {
    const annotated = pushPayload({ ref: 'refs/tags/v1', after: BEFORE, before: ZERO, created: true, commits: [] });
    expect(event('push', annotated)).toMatchObject({ kind: 'tag', tag: 'v1', created: true, commit: { sha: SHA } });
  });

  it('a push to something else is ignored by name', () => {
    expect(read('push', pushPayload({ ref: 'refs/notes/commits' }))).toEqual({
      ignored: 'refs/notes/commits is neither a branch nor a tag',
    });
  });

  it('a push keeps a branch name as it is, whatever a shell would make of it', () => {
    for (const branch of ['$(id)', '; rm -rf .', '-n', 'a`b`', "it's", 'ä♥', 'a&b|c'].filter((b) => !b.includes(' '))) {
      expect(event('push', pushPayload({ ref: `refs/heads/${branch}` }))).toMatchObject({ branch });
    }
  });

  it.each(['refs/heads/a b', 'refs/heads/a\nb', 'refs/heads/../../etc', 'refs/heads/a\u0000', 'refs/heads/a~1', ''])(
    'a push with the ref %j, which git does not allow, is malformed',
    (ref) => {
      expect(() => read('push', pushPayload({ ref }))).toThrow(MalformedPayload);
    },
  );

  it('a push keeps its text within bounds', () => {
    const message = `${'m'.repeat(1_999)}😀 and more`;
    const head_commit = { id: SHA, message, url: 'u'.repeat(9_000), author: { username: 'a'.repeat(900) } };
    expect(event('push', pushPayload({ head_commit }))).toMatchObject({
      commit: { message: 'm'.repeat(1_999), url: 'u'.repeat(2_000), author: 'a'.repeat(100) },
    });
  });

  it('an event keeps an id that a number cannot hold', () => {
    const text = JSON.stringify(
      pushPayload({ repository: { ...repository, id: 'ID' }, note: '"id": 12345678901234567890, \\"' }),
    );
    const ids = ['12345678901234567890', '9007199254740993', '42'];
    for (const id of ids) {
      const body = Buffer.from(text.replace('"ID"', id));
      const payload = github.parse({ headers: json, body });
      expect(github.normalise(payload, 'push', context)).toMatchObject({ event: { repository: { id } } });
      expect(payload).toMatchObject({ note: '"id": 12345678901234567890, \\"' });
    }
  });

  it('a push by somebody who is gone is by a ghost, and by an app is by a bot', () => {
    expect(event('push', pushPayload({ sender: null }))).toMatchObject({ sender: { login: 'ghost', bot: false } });
    const sender = { login: 'dependabot[bot]', type: 'Bot' };
    expect(event('push', pushPayload({ sender }))).toMatchObject({ sender: { login: 'dependabot[bot]', bot: true } });
  });
});

it('a pull request says what it is', () => {
  expect(event('pull_request', pullRequestPayload())).toMatchObject({
    kind: 'pull_request',
    action: 'opened',
    commit: { sha: SHA, url: `https://github.com/acme/shop/pull/7/commits/${SHA}` },
    pullRequest: {
      number: 7,
      title: 'Sell even more',
      url: 'https://github.com/acme/shop/pull/7',
      author: 'ada',
      state: 'open',
      draft: false,
      fork: false,
      merged: false,
      labels: ['sales'],
      base: { ref: 'main', sha: BEFORE },
      head: { ref: 'more', sha: SHA, repository: 'acme/shop' },
      updatedAt: '2026-11-24T08:00:00.000Z',
    },
  });
});

it.each([
  ['the same repository', { id: 42, full_name: 'acme/shop' }, false],
  ['another one', { id: 43, full_name: 'eve/shop' }, true],
  ['another one of the same name', { id: 43, full_name: 'acme/shop' }, true],
  ['one that was deleted', null, true],
])('a pull request whose head is in %s has fork: %s', (_, repo, fork) => {
  const { pullRequest } = event('pull_request', pullRequestPayload({}, { head: { ref: 'x', sha: SHA, repo } })) as {
    pullRequest: { fork: boolean };
  };
  expect(pullRequest.fork).toBe(fork);
});

it('a pull request tells two repositories apart whose ids differ in a digit that a number can not hold', () => {
  const repo = (id: string) => ({ id, full_name: 'acme/shop' });
  const payload = pullRequestPayload(
    {},
    { head: { ref: 'x', sha: SHA, repo: repo('@1') }, base: { ref: 'main', sha: BEFORE, repo: repo('@2') } },
  );
  const text = JSON.stringify(payload).replace('"@1"', '12345678901234567891').replace('"@2"', '12345678901234567892');
  const parsed = github.parse({ headers: json, body: Buffer.from(text) });
  expect(github.normalise(parsed, 'pull_request', context)).toMatchObject({ event: { pullRequest: { fork: true } } });
});

it('a pull request knows a changed base from another edit', () => {
  const edited = (changes: object) => event('pull_request', pullRequestPayload({ action: 'edited', changes }));
  expect(edited({ base: { ref: { from: 'old' }, sha: { from: BEFORE } } })).toMatchObject({ baseChanged: true });
  expect(edited({ title: { from: 'old' } })).not.toHaveProperty('baseChanged');
});

it('a pull request that was put into a stack is as one whose base was changed, and knows the base of the stack', () => {
  const stack = { id: 1, number: 4, size: 3, position: 2, base: { ref: 'main', sha: BEFORE } };
  const stacked = event('pull_request', pullRequestPayload({ action: 'stacked' }, { stack }));
  expect(stacked).toMatchObject({ action: 'stacked', baseChanged: true });
  expect(stacked).toHaveProperty('pullRequest.stack', {
    ...{ number: 4, size: 3, position: 2 },
    base: { ref: 'main', sha: BEFORE },
  });
});

it.each([null, undefined, 'main', { base: null }, { base: { ref: '..' } }])(
  'a pull request is in no stack that can not be read: %j',
  (stack) => {
    expect(event('pull_request', pullRequestPayload({}, { stack }))).not.toHaveProperty('pullRequest.stack');
  },
);

it('a push tells when it was made, where its payload has the time of a push', () => {
  const at = (pushed_at: unknown) => event('push', pushPayload({ repository: { ...repository, pushed_at } }));
  expect(at(1_767_225_600)).toMatchObject({ pushedAt: '2026-01-01T00:00:00.000Z' });
  for (const other of [undefined, null, -1, 1e300, '2026-01-01T00:00:00Z'])
    expect(at(other)).not.toHaveProperty('pushedAt');
});

it('a pull request that was merged is closed and merged', () => {
  const closed = event('pull_request', pullRequestPayload({ action: 'closed' }, { state: 'closed', merged: true }));
  expect(closed).toMatchObject({ action: 'closed', pullRequest: { state: 'closed', merged: true } });
});

it('a pull request keeps its text within bounds', () => {
  const labels = Array.from({ length: 1_000 }, (_, i) => ({ name: `${i}`.padEnd(500, 'l') }));
  const huge = event('pull_request', pullRequestPayload({}, { title: 't'.repeat(9_000), labels }));
  expect(huge).toMatchObject({ pullRequest: { title: 't'.repeat(500) } });
  expect(Buffer.byteLength(JSON.stringify(huge))).toBeLessThan(100_000);
});

it('recorded payloads become events of ours, or say why not; pushes and pull requests always do', () => {
  for (const { event: name, payload } of examples) {
    const normalised = read(name, payload);
    if (name === 'push' || name === 'pull_request') expect(normalised, name).toHaveProperty('event');
    else expect('ignored' in normalised ? normalised.ignored : eventsOf(normalised)[0], name).toBeTruthy();
  }
});

it('recorded payloads name no pull-request action that is not known', () => {
  const actions = examples.filter(({ event: name }) => name === 'pull_request').map(({ payload }) => payload.action);
  expect(actions.filter((action) => !PULL_REQUEST_ACTIONS.includes(action as 'opened'))).toEqual([]);
});

/** Each field in turn, down to the third level, is dropped, null, of another type, or deeply nested. */
it('recorded payloads with any one field spoilt are an event, ignored or malformed, and pollute nothing', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const spoils = [undefined, null, 7, -1.5, 'x', '', [], {}, true, '@deep'];
  for (const [name, payload] of [
    ['push', pushPayload()],
    ['pull_request', pullRequestPayload()],
  ] as const) {
    for (const path of pathsOf(payload, 3)) {
      for (const spoil of spoils) {
        const spoilt = structuredClone(payload) as Record<string, unknown>;
        set(spoilt, path, spoil);
        const body = Buffer.from(JSON.stringify(spoilt).replace('"@deep"', deep));
        try {
          github.normalise(github.parse({ headers: json, body }), name, context);
        } catch (error) {
          expect(error, `${name} ${path.join('.')}`).toBeInstanceOf(MalformedPayload);
          expect((error as Error).message.length).toBeLessThan(300);
        }
      }
    }
    const text = JSON.stringify(payload).replace(
      '{',
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
    );
    github.normalise(github.parse({ headers: json, body: Buffer.from(text) }), name, context);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  }
});

function pathsOf(value: unknown, depth: number): string[][] {
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...pathsOf(inner, depth - 1).map((path) => [key, ...path]),
  ]);
}

function set(target: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[first] = value;
  else set(target[first] as Record<string, unknown>, rest, value);
}
