import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sweepAgainKey, synthesisedKey } from '../../src/events/synthesised-key.js';
import { createIngest, type Ingest } from '../../src/intake/ingest.js';
import { knownSources } from '../../src/providers/known-sources.js';
import type { Source } from '../../src/providers/source.js';
import { Secret } from '../../src/secrets/secret.js';
import { createApp } from '../../src/server/app.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { pullRequest, push, release, tag } from '../../src/triggers/index.js';
import { senderOf, sourceOf } from '../providers/senders.js';
import type { Answer } from '../support/harness/delivery.js';
import { testConfig } from '../support/harness/receiver-config.js';
import { tempFolder } from '../support/temp-folder.js';
import { awayClient } from '../support/temporal.js';
import { pullRequestEvent, pushEvent, releaseEvent, tagEvent } from '../triggers/sample-events.js';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const repository = { id: '12', fullName: 'acme/shop', url: 'https://git.example/acme/shop', private: true };
const UUID = '4bd54d5c-7b62-4b3b-9a9e-3bd0ac0f1c2a';

let folder: string;
let store: Store;
let away: Client;
let receiver: Listening;
let ingest: Ingest;
/** How often the inbox was asked for keys. */
let asked: number;

beforeEach(async () => {
  folder = await tempFolder('late');
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  away = awayClient();
  asked = 0;
  const api = { token: new Secret('an api token') };
  const withApi = (kind: Source['kind'], more: object = {}) => ({ ...sourceOf(kind), api, ...more }) as Source;
  const sources = {
    gitea: withApi('gitea'),
    cloud: withApi('bitbucket-cloud'),
    github: withApi('github'),
    never: withApi('gitea', { reconcile: false }),
  };
  const config = { ...testConfig(), sources };
  const log = pino({ level: 'silent' });
  const automations = () => [{ name: 'ci', file: 'ci.ts', on: [push(), pullRequest(), tag(), release()] }];
  const has: Store['inbox']['has'] = (source, keys) => {
    asked += 1;
    return store.inbox.has(source, keys);
  };
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store: { ...store, inbox: { ...store.inbox, has } },
    client: away,
    log,
    automations,
    wake: () => undefined,
  });
  receiver = await listen(app, { host: '127.0.0.1', port: 0 });
  ingest = createIngest({
    config,
    sources: knownSources(config.sources),
    inbox: store.inbox,
    automations,
    log,
    outdate: async () => undefined,
  });
});
afterEach(async () => {
  await receiver.close();
  await store.close();
  await away.connection.close();
});

async function deliver(source: string, kind: Source['kind'], payload: object, event?: string) {
  const body = Buffer.from(JSON.stringify(payload));
  const response = await fetch(`${receiver.url}/webhooks/${source}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...senderOf(kind).headers(body, Date.now(), event) },
    body: new Uint8Array(body),
  });
  expect(response.status).toBe(202);
  return (await response.json()) as Answer;
}

const theirs = { id: 12, full_name: 'acme/shop', html_url: 'https://git.example/acme/shop', private: true };
/** Gitea's own delivery of a push. */
const pushed = (before: string, after: string, source = 'gitea') =>
  deliver(source, 'gitea', { ref: 'refs/heads/main', before, after, repository: theirs, commits: [] });
/** What a sweep made of a push that nobody told of. */
async function swept(before: string, after: string, lookedAt?: number) {
  const event = pushEvent({ source: 'gitea', provider: 'gitea', repository, before, commit: { sha: after } });
  const key = synthesisedKey(event);
  await ingest.event({ key: lookedAt === undefined ? key : sweepAgainKey(key, lookedAt), event });
}

test("a push's own delivery that comes after a sweep made it starts nothing a second time", async () => {
  await swept(A, B);
  const answer = await pushed(A, B);
  const because = expect.stringMatching(/^it came late: a look for missed deliveries has made d[0-9a-f]{24} of it$/);
  expect(answer).toMatchObject({ ignored: because, runs: [] });
  expect(await store.inbox.find(answer.delivery ?? '')).toMatchObject({ ignored: because, events: [], dispatches: [] });
  expect((await store.inbox.backlog()).pending).toBe(1);
});

test('a push that no sweep made starts its run', async () => {
  await swept(A, B);
  expect((await pushed(B, C)).runs).toHaveLength(1);
});

test('two pushes that both come late: only the one that the sweep saw is a repeat', async () => {
  await swept(A, C);
  expect((await pushed(A, B)).runs).toHaveLength(1);
  expect(await pushed(B, C)).toMatchObject({ ignored: expect.stringMatching('it came late'), runs: [] });
});

test('a branch that is pushed back to what a sweep made once starts its run', async () => {
  await swept(A, B);
  expect((await pushed(B, C)).runs).toHaveLength(1);
  expect((await pushed(C, B)).runs).toHaveLength(1);
});

test('a branch that goes to and fro starts a run each time, and what was made of the last time is known', async () => {
  await swept(A, B);
  expect((await pushed(B, A)).runs).toHaveLength(1);
  expect((await pushed(A, B)).runs).toHaveLength(1);
  expect((await pushed(B, C)).runs).toHaveLength(1);
  await swept(C, B, 1);
  expect((await pushed(C, B)).runs).toEqual([]);
});

test('a push to a repository that has the name of another one, for which a sweep made the same, starts its run', async () => {
  const event = pushEvent({
    ...{ source: 'gitea', provider: 'gitea', before: A, commit: { sha: B } },
    repository: { ...repository, id: '7' },
  });
  await ingest.event({ key: synthesisedKey(event), event });
  expect((await pushed(A, B)).runs).toHaveLength(1);
});

test('a delivery that somebody has sent again when the branch has long moved on is a repeat', async () => {
  await swept(A, B);
  await pushed(B, C);
  expect((await pushed(A, B)).runs).toEqual([]);
});

describe("a pull request's delivery", () => {
  const time = (second: number) => `2026-11-24T08:00:0${second}Z`;
  const side = (ref: string, sha: string) => ({ ref, sha, repo_id: 12, repo: theirs });
  const pulled = (action: string, updatedAt?: string) =>
    deliver(
      'gitea',
      'gitea',
      {
        action,
        ...{ number: 7, repository: theirs },
        pull_request: {
          ...{ title: 'More', html_url: 'https://git.example/acme/shop/pulls/7', state: 'open' },
          ...{ base: side('main', A), head: side('more', B) },
          ...(updatedAt && { updated_at: updatedAt }),
        },
      },
      'pull_request',
    );
  beforeEach(async () => {
    const change = { source: 'gitea', provider: 'gitea', repository, commit: { sha: B } } as const;
    const event = pullRequestEvent(change, { number: 7, updatedAt: new Date(time(5)).toISOString() });
    await ingest.event({ key: synthesisedKey(event), event });
  });

  test("a pull request's delivery is a repeat when it is older than the look that made it", async () => {
    expect(await pulled('opened', time(4))).toMatchObject({ ignored: expect.stringMatching('it came late'), runs: [] });
    expect((await pulled('synchronized', time(5))).runs).toEqual([]);
  });

  test("a pull request's delivery is not a repeat when it is newer, when that is not known, or when it is about something else", async () => {
    expect((await pulled('reopened', time(6))).runs).toHaveLength(1);
    expect((await pulled('opened')).runs).toHaveLength(1);
    const labeled = await pulled('label_updated', time(4));
    expect(labeled.ignored).not.toMatch('it came late');
  });
});

test('a delivery of several branches loses only those that a sweep made', async () => {
  const event = pushEvent({
    ...{ source: 'cloud', provider: 'bitbucket-cloud', repository: { ...repository, id: UUID } },
    ...{ branch: 'two', ref: 'refs/heads/two', before: A, commit: { sha: B } },
  });
  await ingest.event({ key: synthesisedKey(event), event });
  const change = (name: string) => ({
    new: { type: 'branch', name, target: { hash: B } },
    old: { type: 'branch', name, target: { hash: A } },
  });
  const { runs, delivery, ignored } = await deliver('cloud', 'bitbucket-cloud', {
    push: { changes: ['one', 'two', 'three'].map(change) },
    repository: { uuid: `{${UUID}}`, full_name: 'acme/shop' },
    actor: { nickname: 'ada' },
  });
  expect(ignored).toBeUndefined();
  expect(runs).toHaveLength(2);
  const kept = await store.inbox.find(delivery ?? '');
  expect(kept?.events).toHaveLength(3);
  expect(kept?.verdicts).toEqual([
    expect.objectContaining({ outcome: 'start' }),
    expect.objectContaining({ outcome: 'filtered', part: 1, because: expect.stringMatching('it came late') }),
    expect.objectContaining({ outcome: 'start', part: 2 }),
  ]);
});

test('where nothing is swept, the inbox is not asked', async () => {
  await pushed(A, B, 'never');
  const { id, full_name, html_url } = theirs;
  await deliver('github', 'github', {
    ...{ ref: 'refs/heads/main', before: A, after: B, created: false, deleted: false, forced: false, commits: [] },
    ...{ repository: { id, full_name, html_url, private: true }, sender: { login: 'ada', id: 7, type: 'User' } },
  });
  expect(asked).toBe(0);
  await pushed(A, B);
  expect(asked).toBe(1);
});

const tagged = (at: string) =>
  deliver('gitea', 'gitea', { ref: 'v1', ref_type: 'tag', sha: at, repository: theirs }, 'create');
const untagged = () => deliver('gitea', 'gitea', { ref: 'v1', ref_type: 'tag', repository: theirs }, 'delete');
const released = (action: string) =>
  deliver('gitea', 'gitea', { action, release: { tag_name: 'v1' }, repository: theirs }, 'release');
async function sweptTag(at: string) {
  const event = tagEvent({ source: 'gitea', provider: 'gitea', repository, tag: 'v1', commit: { sha: at } });
  await ingest.event({ key: synthesisedKey(event), event });
}

test("a tag's own delivery that comes after a sweep made it starts nothing, unless the tag was elsewhere meanwhile", async () => {
  await sweptTag(A);
  expect(await tagged(A)).toMatchObject({ ignored: expect.stringMatching('it came late'), runs: [] });
  expect((await tagged(B)).runs).toHaveLength(1);
  await sweptTag(C);
  await untagged();
  expect((await tagged(C)).runs).toHaveLength(1);
});

test("a release's own delivery that comes after a sweep made it starts nothing, unless it was deleted meanwhile", async () => {
  const event = releaseEvent({ source: 'gitea', provider: 'gitea', repository, tag: 'v1', action: 'published' });
  await ingest.event({ key: synthesisedKey(event), event });
  expect(await released('published')).toMatchObject({ ignored: expect.stringMatching('it came late'), runs: [] });
  await released('deleted');
  expect((await released('published')).runs).toHaveLength(1);
});
