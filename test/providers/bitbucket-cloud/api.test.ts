import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RepositoryApi, SourceApi } from '../../../src/providers/api.js';
import { createBitbucketCloudApi } from '../../../src/providers/bitbucket-cloud/api/index.js';
import { keyOf } from '../../../src/providers/bitbucket-cloud/api/statuses.js';
import { normalise } from '../../../src/providers/bitbucket-cloud/webhook/normalise.js';
import { configOf } from '../../support/harness/config.js';
import { type ScriptedApi, scriptedApi } from '../../support/scripted-api.js';

const TOKEN = 'canary-access-token';
const USERNAME = 'ci@acme.example';
const BASIC = `Basic ${Buffer.from(`${USERNAME}:${TOKEN}`).toString('base64')}`;
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const OLD = '5f22f7d0d95d614d25a5b68592adb345a4b5c7fd';
const SHORT = SHA.slice(0, 12);
const PATH = '/2.0/repositories/acme/shop';
const PERSON = '557058:ba8948b2-49da-43a9-9e8b-e7249b8e324a';
const HOOK = '{d0ec7b5f-1d3c-4b7e-9d0e-2f6b0b1f5a11}';
const OURS = { type: 'user', uuid: '{11111111-2222-3333-4444-555555555555}', nickname: 'hooky' };
const STRANGER = { type: 'user', uuid: '{99999999-2222-3333-4444-555555555555}', nickname: 'hooky' };

let server: ScriptedApi;
beforeEach(async () => {
  server = await scriptedApi(['authorization', `Bearer ${TOKEN}`]);
});
afterEach(() => server.close());

interface Setting {
  readonly username?: string;
  readonly account?: string;
  readonly token?: string;
}

function sourceApi({ username, account, token = TOKEN }: Setting = {}): SourceApi {
  const api = {
    url: `${server.url}/2.0/`,
    token: { env: 'TOKEN' },
    ...(username && { username }),
    ...(account && { account }),
  };
  const here = { kind: 'bitbucket-cloud' as const, secrets: [{ env: 'HOOK' }], api };
  const config = configOf({ sources: { here } }, { HOOK: 'x', TOKEN: token });
  const source = config.sources.here;
  if (source?.kind !== 'bitbucket-cloud') throw new Error('no source');
  return createBitbucketCloudApi({ name: 'here', source, log: pino({ enabled: false }) });
}

type Whole = Required<RepositoryApi> & { readonly hooks: Required<NonNullable<RepositoryApi['hooks']>> };
const repository = (setting?: Setting): Whole => sourceApi(setting).repository('acme/shop') as Whole;

const noUser = { ask: 'GET /2.0/user', status: 403, answer: { type: 'error' } };

async function asPerson(): Promise<void> {
  await server.close();
  server = await scriptedApi(['authorization', BASIC]);
}

describe('a status', () => {
  const status = { sha: SHA, context: 'hookyard/ci', state: 'success', description: 'passed' } as const;
  const builds = `${PATH}/commit/${SHA}/statuses/build`;
  const key = 'hookyard-ab367b7d809bbe7bc865ca2d6c678d7';
  const written = (state: string, url = 'https://ui.example/run') => ({
    ask: `POST ${builds}`,
    sent: { key, name: 'hookyard/ci', state, description: 'passed', url },
    status: 201,
    answer: {},
  });

  test('a status is written in Bitbucket words', async () => {
    const states = {
      pending: 'INPROGRESS',
      success: 'SUCCESSFUL',
      failure: 'FAILED',
      error: 'FAILED',
      skipped: 'SUCCESSFUL',
    };
    for (const [state, word] of Object.entries(states)) {
      server.expects(written(word));
      await repository().writeStatus({
        ...status,
        state: state as keyof typeof states,
        targetUrl: 'https://ui.example/run',
      });
    }
  });

  test('a status without an address leads to the commit, which nobody asked for when it is read', async () => {
    const page = `https://bitbucket.org/acme/shop/commits/${SHA}`;
    server.expects(written('SUCCESSFUL', page), {
      ask: `GET ${builds}/${key}`,
      answer: { state: 'SUCCESSFUL', url: page },
    });
    await repository().writeStatus(status);
    expect(await repository().readStatus(status)).toEqual({ state: 'success' });
  });

  test('a status keeps braces in its address as they are', async () => {
    server.expects(written('SUCCESSFUL', 'https://ui.example/%7Brepository.full_name%7D'));
    await repository().writeStatus({ ...status, targetUrl: 'https://ui.example/{repository.full_name}' });
  });

  test('a status has a key of at most 40 characters that tells long contexts apart', () => {
    const [one, other] = [keyOf(`hookyard/${'a'.repeat(300)}1`), keyOf(`hookyard/${'a'.repeat(300)}2`)];
    expect(one).toMatch(/^hookyard-[0-9a-f]{31}$/);
    expect(one).not.toBe(other);
    expect(keyOf('hookyard/ci')).toBe(key);
  });

  test.each([
    ['INPROGRESS', 'pending'],
    ['SUCCESSFUL', 'success'],
    ['FAILED', 'failure'],
    ['STOPPED', 'error'],
    ['constructor', 'pending'],
  ])('a status that is %s reads as %s', async (word, state) => {
    server.expects({ ask: `GET ${builds}/${key}`, answer: { state: word, url: 'https://ui.example/run' } });
    expect(await repository().readStatus(status)).toEqual({ state, targetUrl: 'https://ui.example/run' });
  });

  test('a status that nobody wrote is none', async () => {
    server.expects({ ask: `GET ${builds}/${key}`, status: 404, answer: { type: 'error' } });
    expect(await repository().readStatus(status)).toBeUndefined();
  });

  test('a status comes back from Bitbucket under its context, which starts nothing', () => {
    const payload = {
      repository: { full_name: 'acme/shop' },
      actor: OURS,
      commit_status: { key, name: 'hookyard/ci', state: 'SUCCESSFUL', commit: { hash: SHA } },
    };
    const context = { source: 'here', deliveryId: 'd', receivedAt: '2025-01-01T00:00:00Z' };
    expect(normalise(payload, 'repo:commit_status_created', context as never)).toMatchObject({
      event: { kind: 'status', name: 'hookyard/ci' },
    });
  });
});

describe('comments', () => {
  const comments = `${PATH}/pullrequests/7/comments`;
  const list = `GET ${comments}?sort=-created_on&pagelen=100`;
  const marker = '<!-- hookyard:size -->';
  const raw = 'All well.\n\n[//]: # (hookyard:size)';
  const body = `All well.\n\n${marker}`;
  const href = 'https://bitbucket.org/acme/shop/pull-requests/7/_/diff#comment-31';
  const comment = (id: number, more = {}) => ({
    id,
    content: { raw },
    user: OURS,
    links: { html: { href } },
    ...more,
  });
  const me = { ask: 'GET /2.0/user', answer: OURS };

  test('comments are written with their markers out of sight', async () => {
    server.expects({ ask: `POST ${comments}`, sent: { content: { raw } }, status: 201, answer: comment(31) });
    expect(await repository().comment({ number: 7, body })).toEqual({ id: '31', body, url: href });
  });

  test('comments keep what somebody else hides, in an example for instance', async () => {
    const text = '```html\n<!-- hello -->\n```\n`<!-- hookyard:size -->`';
    const answer = comment(31, { content: { raw: text } });
    server.expects({ ask: `POST ${comments}`, sent: { content: { raw: text } }, status: 201, answer });
    expect(await repository().comment({ number: 7, body: text })).toMatchObject({ body: text });
  });

  test('comments are found by marker, newest first, and only those of our own account', async () => {
    server.expects(
      me,
      {
        ask: list,
        answer: {
          values: [comment(40, { user: STRANGER }), comment(39, { deleted: true }), comment(38, { content: null })],
          next: `https://evil.example/2.0/anything?page=2&x=1`,
        },
      },
      { ask: `${list}&page=2`, answer: { values: [comment(31), comment(30)], next: `${server.url}/2.0/x?page=3` } },
    );
    expect(await repository().findComment({ number: 7, marker })).toEqual({ id: '31', body, url: href });
  });

  test('comments that are not there are none, and who we are is asked once', async () => {
    const empty = { ask: list, answer: { values: [] } };
    server.expects(me, empty, empty);
    const api = repository();
    expect(await api.findComment({ number: 7, marker })).toBeUndefined();
    expect(await api.findComment({ number: 7, marker })).toBeUndefined();
  });

  test('comments of an access token are those of an app, which may not ask who it is', async () => {
    const app = { type: 'app_user', uuid: '{22222222-2222-3333-4444-555555555555}', display_name: 'ci' };
    const values = [comment(40, { user: STRANGER }), comment(31, { user: app })];
    server.expects(noUser, { ask: list, answer: { values } });
    expect(await repository().findComment({ number: 7, marker })).toMatchObject({ id: '31' });
    server.expects(noUser, { ask: list, answer: { values } });
    expect(await repository({ account: 'another' }).findComment({ number: 7, marker })).toBeUndefined();
  });

  test('comments are edited', async () => {
    server.expects({ ask: `PUT ${comments}/31`, sent: { content: { raw } }, answer: comment(31, { links: null }) });
    expect(await repository().editComment({ number: 7, id: '31', body })).toEqual({
      id: '31',
      body,
      url: 'https://bitbucket.org/acme/shop/pull-requests/7#comment-31',
    });
  });

  test('comments have no reactions', () => {
    expect(repository()).not.toHaveProperty('react');
  });
});

describe('changed files', () => {
  const push = { kind: 'push', before: OLD, after: SHA } as const;
  const pull = { kind: 'pull_request', number: 7 } as const;
  const diffstat = `GET ${PATH}/diffstat/${SHA}..${OLD}?topic=false&pagelen=500`;
  const file = (old: string | null, path: string | null) => ({ old: old && { path: old }, new: path && { path } });

  test('changed files of a push are all pages, renames under both names', async () => {
    server.expects(
      { ask: diffstat, answer: { values: [file('b', 'c'), file(null, 'a')], next: `${server.url}/2.0/x?page=Zm9v` } },
      { ask: `${diffstat}&page=Zm9v`, answer: { values: [file('d', null), file('a', 'a')] } },
    );
    expect(await repository().changedFiles(push)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('changed files of a pull request are those that its address leads to, at no other host', async () => {
    const spec = `acme/shop:${SHORT}%0D${OLD.slice(0, 12)}`;
    server.expects(
      {
        ask: `GET ${PATH}/pullrequests/7/diffstat`,
        status: 302,
        headers: { location: `https://evil.example/2.0/repositories/acme/shop/diffstat/${spec}?topic=true&y=1` },
      },
      {
        ask: `GET ${PATH}/diffstat/${spec}?from_pullrequest_id=7&topic=true&pagelen=500`,
        answer: { values: [file('a', 'a')] },
      },
    );
    expect(await repository().changedFiles(pull)).toEqual(['a']);
  });

  test.each(['/2.0/user', 'https://evil.example/2.0/repositories/acme/shop/diffstat/../../../user', ''])(
    'changed files of a pull request are not looked for at %j',
    async (location) => {
      server.expects({ ask: `GET ${PATH}/pullrequests/7/diffstat`, status: 302, headers: { location } });
      await expect(repository().changedFiles(pull)).rejects.toMatchObject({ kind: 'unavailable' });
    },
  );

  test.each([
    ['the commit is gone', { status: 404 }],
    ['Bitbucket takes too long', { status: 555 }],
    ['a file has no path', { answer: { values: [file(null, null)] } }],
  ])('changed files are not known when %s', async (_, answer) => {
    server.expects({ ask: diffstat, ...answer });
    expect(await repository().changedFiles(push)).toBeUndefined();
  });

  test('changed files are not known when there are too many to read', async () => {
    const values = Array.from({ length: 5_000 }, (_, index) => file(null, `f${index}`));
    server.expects(
      { ask: diffstat, answer: { values, next: `${server.url}/x?page=2` } },
      { ask: `${diffstat}&page=2`, answer: { values, next: `${server.url}/x?page=3` } },
    );
    expect(await repository().changedFiles(push)).toBeUndefined();
  });

  test.each([{ next: '/2.0/x?page=2' }, { next: 'https://api.bitbucket.org/2.0/x' }])(
    'changed files end with an error at a next page of %j',
    async (more) => {
      server.expects({ ask: diffstat, answer: { values: [file('a', 'a')], ...more } });
      await expect(repository().changedFiles(push)).rejects.toMatchObject({ kind: 'unavailable' });
    },
  );

  test('changed files end with an error at an empty page that is not the last', async () => {
    server.expects({ ask: diffstat, answer: { values: [], next: `${server.url}/x?page=2` } });
    await expect(repository().changedFiles(push)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('a pull request', () => {
  const ask = `GET ${PATH}/pullrequests/7`;
  const shop = { uuid: '{aaaaaaaa-2222-3333-4444-555555555555}', full_name: 'acme/shop' };
  const pull = {
    id: 7,
    title: 't'.repeat(600),
    state: 'OPEN',
    draft: true,
    author: STRANGER,
    source: {
      branch: { name: 'topic' },
      commit: { hash: SHORT },
      repository: { uuid: '{bbbbbbbb-2222-3333-4444-555555555555}', full_name: 'eve/shop' },
    },
    destination: { branch: { name: 'main' }, commit: { hash: OLD.slice(0, 12) }, repository: shop },
    updated_on: '2025-02-03T12:34:56.123456+02:00',
    links: { html: { href: 'https://bitbucket.org/acme/shop/pull-requests/7' } },
  };
  const commit = { ask: `GET ${PATH}/commit/${SHORT}`, answer: { hash: SHA } };

  test('a pull request is read in our words, its head by its whole name', async () => {
    server.expects({ ask, answer: pull }, commit);
    expect(await repository().pullRequest(7)).toEqual({
      number: 7,
      title: 't'.repeat(500),
      url: 'https://bitbucket.org/acme/shop/pull-requests/7',
      author: 'hooky',
      state: 'open',
      draft: true,
      fork: true,
      merged: false,
      labels: [],
      base: { ref: 'main', sha: OLD.slice(0, 12) },
      head: { ref: 'topic', sha: SHA, repository: 'eve/shop' },
      updatedAt: '2025-02-03T10:34:56.123Z',
    });
  });

  test('a pull request of the repository itself, merged, is no fork', async () => {
    const source = { ...pull.source, repository: shop };
    server.expects({ ask, answer: { ...pull, state: 'MERGED', source } }, { ...commit, status: 404 });
    expect(await repository().pullRequest(7)).toMatchObject({
      state: 'closed',
      merged: true,
      fork: false,
      head: { sha: SHORT },
    });
  });

  test('a pull request whose fork was deleted is a stranger still', async () => {
    server.expects({ ask, answer: { ...pull, source: { ...pull.source, repository: null } } }, commit);
    const read = await repository().pullRequest(7);
    expect(read.fork).toBe(true);
    expect(read.head).not.toHaveProperty('repository');
  });

  test('a pull request whose branch was deleted has no head to speak of', async () => {
    server.expects({ ask, answer: { ...pull, source: { branch: null, commit: null } } });
    await expect(repository().pullRequest(7)).rejects.toMatchObject({ kind: 'refused' });
  });
});

test('the whole name of a commit is found by its first digits', async () => {
  server.expects({ ask: `GET ${PATH}/commit/${SHORT}`, answer: { hash: SHA } });
  expect(await repository().resolveCommit(SHORT)).toBe(SHA);
});

test('the whole name of a commit is that of a branch', async () => {
  const branch = { ask: `GET ${PATH}/refs/branches/topic%2Fone`, answer: { target: { hash: SHA } } };
  server.expects(branch);
  expect(await repository().resolveCommit('topic/one')).toBe(SHA);
});

test('the whole name of a commit is never that of another commit', async () => {
  server.expects(
    { ask: `GET ${PATH}/commit/${SHORT}`, answer: { hash: OLD } },
    { ask: `GET ${PATH}/refs/branches/${SHORT}`, status: 404 },
  );
  await expect(repository().resolveCommit(SHORT)).rejects.toMatchObject({ kind: 'refused', status: 404 });
});

describe('what somebody may do', () => {
  const path = 'GET /2.0/workspaces/acme/permissions/repositories/shop';
  const filtered = `${path}?q=user.account_id%3D%22${encodeURIComponent(PERSON)}%22&pagelen=100`;
  const has = (permission: string, account_id = PERSON) => ({ permission, user: { account_id } });

  test.each(['read', 'write', 'admin'])('what somebody may do is what Bitbucket says: %s', async (permission) => {
    server.expects({ ask: filtered, answer: { values: [has('admin', 'somebody'), has(permission)] } });
    expect(await repository().permissionOf({ login: 'hooky', id: PERSON })).toBe(permission);
  });

  test('what somebody may do is nothing for somebody unknown', async () => {
    server.expects({ ask: filtered, answer: { values: [] } });
    expect(await repository().permissionOf({ login: 'hooky', id: PERSON })).toBe('none');
  });

  test('what somebody may do is looked for in the whole list where it can not be asked for', async () => {
    server.expects(
      { ask: filtered, status: 400 },
      { ask: `${path}?pagelen=100`, answer: { values: [has('read', 'x')], next: `${server.url}/x?page=2` } },
      { ask: `${path}?pagelen=100&page=2`, answer: { values: [has('write')] } },
    );
    expect(await repository().permissionOf({ login: 'hooky', id: PERSON })).toBe('write');
  });

  test.each([undefined, '" or permission="admin', ''])('what somebody may do is nothing for the id %j', async (id) => {
    expect(await repository().permissionOf({ login: 'hooky', ...(id !== undefined && { id }) })).toBe('none');
  });
});

describe('webhooks', () => {
  const hooks = `${PATH}/hooks`;
  const hook = { uuid: HOOK, url: 'https://hooks.example/webhooks/here', active: true, events: ['repo:push'] };
  const sent = { description: 'Hookyard', url: hook.url, active: true, secret: 'canary-secret', events: ['repo:push'] };
  const wanted = { url: hook.url, secret: 'canary-secret', events: ['repo:push'] };
  const told = { id: HOOK, url: hook.url, active: true, events: ['repo:push'] };

  test('webhooks are listed, made and changed', async () => {
    server.expects(
      { ask: `GET ${hooks}?pagelen=100`, answer: { values: [{ ...hook, active: false }] } },
      { ask: `POST ${hooks}`, sent, status: 201, answer: hook },
      { ask: `PUT ${hooks}/${encodeURIComponent(HOOK)}`, sent, answer: hook },
    );
    const api = repository().hooks;
    expect(await api.list()).toEqual([{ ...told, active: false }]);
    expect(await api.create(wanted)).toEqual(told);
    expect(await api.update(HOOK, wanted)).toEqual(told);
  });

  test.each(['../x', '{x}', '7'])('webhooks are not changed by the id %j', async (id) => {
    await expect(repository().hooks.update(id, wanted)).rejects.toMatchObject({ kind: 'refused' });
  });

  test('webhooks are made for the events that the receiver reads', () => {
    const { eventsFor } = repository().hooks;
    expect(eventsFor(['push', 'tag'])).toEqual(['repo:push']);
    const all = ['push', 'tag', 'pull_request', 'comment', 'review', 'release', 'deployment', 'status'] as const;
    const context = { source: 'here', deliveryId: 'd', receivedAt: '2025-01-01T00:00:00Z' };
    for (const event of eventsFor(all)) {
      // What is known is read, and refused here for its missing fields; what is not is ignored by name.
      expect(() => normalise({}, event, context as never), event).toThrow();
    }
  });

  test('webhooks have neither tests nor deliveries', () => {
    expect(repository().hooks).not.toHaveProperty('test');
    expect(repository().hooks).not.toHaveProperty('deliveries');
  });
});

test('the credentials of a person are their address and token, and tell whose they are', async () => {
  await asPerson();
  server.expects({ ask: 'GET /2.0/user', answer: OURS });
  expect(await sourceApi({ username: USERNAME }).account?.()).toEqual({ login: 'hooky' });
});

test('the credentials of a person that are wrong are not taken for an access token', async () => {
  await asPerson();
  server.expects({ ask: 'GET /2.0/user', status: 401 });
  const api = repository({ username: USERNAME });
  await expect(api.findComment({ number: 7, marker: 'm' })).rejects.toMatchObject({ kind: 'not configured' });
});

test('the credentials of an access token tell nothing', () => {
  expect(sourceApi()).not.toHaveProperty('account');
});

test('the credentials that no header can carry are told without their value', async () => {
  const call = repository({ token: 'canary\nx' }).pullRequest(7);
  await expect(call).rejects.toMatchObject({ kind: 'not configured' });
  await expect(call).rejects.not.toThrow(/canary/);
});

describe('an answer', () => {
  const ask = `GET ${PATH}/pullrequests/7`;

  test.each([
    [{ status: 401 }, { kind: 'not configured', status: 401 }],
    [{ status: 403 }, { kind: 'not configured', status: 403 }],
    [{ status: 404 }, { kind: 'refused', status: 404 }],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'unavailable', retryAfterMs: 7_000 },
    ],
    [{ status: 503 }, { kind: 'unavailable', status: 503 }],
    [{ status: 302, headers: { location: 'https://evil.example' } }, { kind: 'not configured' }],
    [{ answer: '<html>' }, { kind: 'unavailable' }],
    [{ answer: '{"id":7' }, { kind: 'unavailable' }],
    [{ answer: { id: 'seven' } }, { kind: 'unavailable' }],
  ])('an answer of %j is reported as what it is', async (answer, told) => {
    server.expects({ ask, ...answer });
    const call = repository().pullRequest(7);
    await expect(call).rejects.toMatchObject({ name: 'ProviderError', ...told });
    await expect(call).rejects.not.toThrow(/canary/);
  });
});

test.each(['../x', 'a/b/c/..', 'a/..', 'a/b?c', 'a/b#c', 'a/b\nc', 'a', '', 'a/b/c', '/b', 'a/b%2f..'])(
  'hostile names never reach Bitbucket as the repository %j',
  (name) => {
    expect(() => sourceApi().repository(name)).toThrow(expect.objectContaining({ kind: 'refused' }));
  },
);

test.each(['../x', 'main', `${SHA}?`, `${SHA}\n`, SHORT])(
  'hostile names never reach Bitbucket as the commit %j',
  async (sha) => {
    const api = repository();
    const refused = { kind: 'refused' };
    const status = { sha, context: 'c', state: 'success', description: '' } as const;
    await expect(api.writeStatus(status)).rejects.toMatchObject(refused);
    await expect(api.readStatus(status)).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'push', before: OLD, after: sha })).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'push', before: sha, after: SHA })).rejects.toMatchObject(refused);
  },
);

test.each(['../x', 'a..b', 'a b', 'a?', '\n', ''])(
  'hostile names never reach Bitbucket as the branch %j',
  async (name) => {
    await expect(
      repository()
        .resolveCommit(name)
        .catch((error) => error),
    ).resolves.toMatchObject({ kind: 'refused' });
  },
);

test('hostile names never reach Bitbucket as numbers', async () => {
  const api = repository();
  const refused = { kind: 'refused' };
  for (const number of [-1, 1.5, Number.NaN, 1e21]) {
    await expect(api.pullRequest(number)).rejects.toMatchObject(refused);
    await expect(api.comment({ number, body: '' })).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'pull_request', number })).rejects.toMatchObject(refused);
  }
  await expect(api.editComment({ number: 7, id: '../1', body: '' })).rejects.toMatchObject(refused);
});

test('tags are listed with the commits that they lead to', async () => {
  const answer = { values: [{ name: 'v1', target: { hash: SHA } }] };
  server.expects({ ask: `GET ${PATH}/refs/tags?sort=-target.date&pagelen=100`, answer });
  expect(await repository().state.tags?.()).toEqual({ items: [{ name: 'v1', sha: SHA }], complete: true });
});
