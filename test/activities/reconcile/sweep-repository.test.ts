import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seenRepositories } from '../../../src/activities/reconcile/repositories.js';
import { readSnapshot, writeSnapshot } from '../../../src/activities/reconcile/snapshot.js';
import { createSweepRepository } from '../../../src/activities/reconcile/sweep-repository.js';
import type { HookyardEvent, PushEvent } from '../../../src/events/event.js';
import { createIngest } from '../../../src/intake/ingest.js';
import type { Providers } from '../../../src/providers/apis.js';
import { ProviderError } from '../../../src/providers/error.js';
import { knownSources } from '../../../src/providers/known-sources.js';
import type { BranchState, ReleaseState, StateApi, TagState } from '../../../src/providers/state-api.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { DeliveryFilter, DeliveryRecord, Inbox, Store } from '../../../src/store/store.js';
import { activity } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { tempFolder } from '../../support/temp-folder.js';
import {
  branchDeletedEvent,
  pullRequestEvent,
  pushEvent,
  releaseEvent,
  tagDeletedEvent,
  tagEvent,
} from '../../triggers/sample-events.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const source = 'gitea';
/** Each counts up by one: `sha(1)` is a commit, and `sha(2)` another. */
const sha = (n: number) => n.toString(16).padStart(12, 'c').padEnd(40, '0');
const repository = { id: '42', fullName: 'acme/shop', url: 'http://forge/acme/shop', private: false };

let folder: string;
let store: Store;
/** What the provider's API tells of the repository. */
let state: StateApi;
let branches: BranchState[];
let complete: boolean;

beforeEach(async () => {
  folder = await tempFolder('sweep');
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  branches = [];
  complete = true;
  state = { about: async () => repository, branches: async () => ({ items: branches, complete }) };
});
afterEach(async () => {
  await store.close();
});

const standsAt = (commit: string) => {
  branches = [{ name: 'main', sha: commit }];
};

/** Both halves of a look at one repository: what it suspects, and then what it takes in. */
async function look({ named = 'acme/shop', inbox = store.inbox }: { named?: string; inbox?: Inbox } = {}) {
  const config = configOf(
    { sources: { gitea: { kind: 'gitea', url: 'http://forge.example', secrets: [{ env: 'S' }] } } },
    { S: 'a webhook secret' },
  );
  const log = pino({ level: 'silent' });
  const ingest = createIngest({
    config,
    sources: knownSources(config.sources),
    inbox: store.inbox,
    automations: () => [],
    log,
    outdate: async () => undefined,
  });
  const providers: Providers = { source: async () => undefined, repository: async () => ({ state }) };
  const rateLimit = { acquire: async () => undefined, charge: () => undefined };
  const sweep = createSweepRepository({ config, store: { ...store, inbox }, log, providers, rateLimit, ingest });
  const { suspects, trouble } = await activity().run(sweep, { source, repository: named });
  const taken = suspects.length > 0 ? (await activity().run(sweep, { source, repository: named, suspects })).taken : 0;
  return { taken, ...(trouble && { trouble }) };
}

let clock = Date.now();
/** A push that was told by its own delivery. */
const told = (change: Partial<PushEvent>, receivedAt = clock++): Promise<void> =>
  toldOf(pushEvent({ source, repository, ...change }), receivedAt);

async function toldOf(event: HookyardEvent, receivedAt = clock++): Promise<void> {
  const key = randomUUID();
  await store.inbox.accept({
    ...{ id: key.replaceAll('-', ''), source, key, bodyHash: key, repeatedSince: Number.MAX_SAFE_INTEGER },
    ...{ eventName: 'push', receivedAt, headers: {}, body: Buffer.from('{}'), verdicts: [] },
    events: [event],
  });
}
beforeEach(() => {
  clock = Date.now() - 60_000;
});

const moved = (before: string, to: string) => ({ before, commit: { sha: to } });
const made = async () =>
  (await store.inbox.list({ source, limit: 100 })).filter(({ key }) => key.startsWith('sweep/')).map(({ key }) => key);

test('a repository that is configured in other letters, or was renamed since, is the one that deliveries tell of', async () => {
  standsAt(sha(1));
  await look({ named: 'Acme/Shop' });
  standsAt(sha(2));
  await told(moved(sha(1), sha(2)));
  expect(await look({ named: 'Acme/Shop' })).toEqual({ taken: 0 });
  standsAt(sha(3));
  await told({ ...moved(sha(2), sha(3)), repository: { ...repository, fullName: 'acme/old-name' } });
  expect(await look({ named: 'Acme/Shop' })).toEqual({ taken: 0 });
  standsAt(sha(4));
  await told({ ...moved(sha(3), sha(4)), repository: { ...repository, id: '43' } });
  expect(await look({ named: 'Acme/Shop' })).toEqual({ taken: 1 });
});

/** An inbox that has had more deliveries, all of another repository, than a look reads. */
function busy(inbox: Inbox): Inbox {
  const other = pushEvent({ source, repository: { ...repository, id: '7', fullName: 'acme/busy' } });
  const now = Date.now();
  const one = (receivedAt: number): DeliveryRecord => ({
    ...{ id: `d${receivedAt}`, source, key: `${receivedAt}`, eventName: 'push', receivedAt, headers: {}, bodyBytes: 2 },
    ...{ events: [other], verdicts: [], dispatches: [] },
  });
  return {
    ...inbox,
    async list({ limit, before = now + 1 }: DeliveryFilter) {
      const own = await inbox.list({ source, limit, before });
      return [...own, ...Array.from({ length: limit }, (_, i) => one(Math.min(before, now) - 1 - i))].slice(0, limit);
    },
  };
}

test('more deliveries than are read since the last look are told, and the next look goes on from this one', async () => {
  await writeSnapshot(store.records, {
    ...{ source, repository: 'acme/shop', at: Date.now() - 29 * DAY, complete: true },
    heads: new Map([['branch:main', sha(1)]]),
  });
  standsAt(sha(2));
  const trouble = expect.stringContaining('more deliveries came since the last pass than are read');
  expect(await look({ inbox: busy(store.inbox) })).toEqual({ taken: 0, trouble });
  expect(await look()).toEqual({ taken: 0 });
  standsAt(sha(3));
  expect(await look()).toEqual({ taken: 1 });
  expect(await made()).toEqual([`sweep/acme/shop/main@${sha(3)}`]);
});

test('a clock that was ahead once has no push made again, and its time is not kept', async () => {
  const heads = new Map([['branch:main', sha(1)]]);
  await writeSnapshot(store.records, { source, repository: 'acme/shop', at: Date.now() + DAY, heads, complete: true });
  for (const n of [2, 3, 4]) {
    standsAt(sha(n));
    await told(moved(sha(n - 1), sha(n)));
    expect(await look()).toEqual({ taken: 0 });
  }
  const snapshot = await readSnapshot(store.records, { source, repository: 'acme/shop' });
  expect(snapshot).toMatchObject({ at: expect.any(Number), heads: new Map([['branch:main', sha(4)]]) });
  expect(snapshot?.at).toBeLessThanOrEqual(Date.now());
  standsAt(sha(5));
  expect(await look()).toEqual({ taken: 1 });
});

test('a clock that was ahead once does not hide what deliveries tell of from the list of repositories', async () => {
  const ahead = Date.now() + DAY;
  const key = { collection: 'hookyard.repositories', key: source };
  await store.records.upsert({ ...key, version: ahead, data: { at: ahead, names: {} } });
  await told({});
  expect(await seenRepositories(store, source)).toEqual(['acme/shop']);
  await told({ repository: { ...repository, id: '43', fullName: 'acme/other' } }, Date.now());
  expect((await seenRepositories(store, source)).sort()).toEqual(['acme/other', 'acme/shop']);
});

test('a repository whose webhook was removed is not kept in the list by what sweeps made', async () => {
  standsAt(sha(1));
  await look();
  standsAt(sha(2));
  expect(await look()).toEqual({ taken: 1 });
  expect(await seenRepositories(store, source)).toEqual([]);
});

test('a branch that is pushed back to where it was, within the hour, is brought in', async () => {
  standsAt(sha(9));
  await look();
  await told(moved(sha(9), sha(1)));
  await told(moved(sha(1), sha(2)));
  standsAt(sha(2));
  expect(await look()).toEqual({ taken: 0 });
  standsAt(sha(1));
  expect(await look()).toEqual({ taken: 1 });
  const [latest] = await store.inbox.list({ source, limit: 1 });
  expect(latest).toMatchObject({
    key: `sweep/acme/shop/main@${sha(1)}`,
    events: [{ before: sha(2), commit: { sha: sha(1) }, created: false }],
  });
  expect(await look()).toEqual({ taken: 0 });
});

test('a branch that goes to and fro between two commits, and nobody tells, is brought in each time', async () => {
  for (const [round, n] of [1, 2, 1, 2, 1].entries()) {
    standsAt(sha(n));
    expect(await look()).toEqual({ taken: round === 0 ? 0 : 1 });
    expect(await look()).toEqual({ taken: 0 });
  }
  expect(new Set(await made()).size).toBe(4);
});

test('a branch that moved on and came back, of which only the moving on was told, is brought in', async () => {
  standsAt(sha(1));
  await look();
  await told(moved(sha(1), sha(2)), Date.now());
  expect(await look()).toEqual({ taken: 1 });
  expect(await look()).toEqual({ taken: 0 });
});

test('a branch that moves on, and tells so, while it is looked at is where it was told to be', async () => {
  standsAt(sha(1));
  await look();
  standsAt(sha(2));
  await told(moved(sha(1), sha(2)));
  const { branches: list } = state;
  state = {
    ...state,
    async branches() {
      const listed = await list();
      await told(moved(sha(2), sha(3)), Date.now() + 1);
      return listed;
    },
  };
  expect(await look()).toEqual({ taken: 0 });
});

test('deliveries that overtook each other are no reason to bring anything in', async () => {
  standsAt(sha(9));
  await look();
  standsAt(sha(3));
  await told(moved(sha(2), sha(3)));
  await told(moved(sha(1), sha(2)));
  await told(moved(sha(9), sha(1)));
  expect(await look()).toEqual({ taken: 0 });
});

test('the default branch is looked at, though there are more branches than are read, which is reported once', async () => {
  let main = sha(1);
  const asked: string[] = [];
  branches = [{ name: 'a', sha: sha(7) }];
  complete = false;
  state = {
    ...state,
    about: async () => ({ ...repository, defaultBranch: 'main' }),
    async branch(name) {
      asked.push(name);
      return { name, sha: main };
    },
  };
  const trouble = expect.stringContaining('more branches or open pull requests than are read');
  expect(await look()).toEqual({ taken: 0, trouble });
  main = sha(2);
  expect(await look()).toEqual({ taken: 1 });
  expect(new Set(asked)).toEqual(new Set(['main']));
  asked.length = 0;
  branches.push({ name: 'main', sha: main });
  expect(await look()).toEqual({ taken: 0 });
  expect(asked).toEqual([]);
});

/** Adds tags and releases to what the provider's API tells. */
function withTags() {
  const tags: TagState[] = [{ name: 'v1', sha: sha(1) }];
  const releases: ReleaseState[] = [{ tag: 'v1', prerelease: false }];
  state = {
    ...state,
    tags: async () => ({ items: tags, complete: true }),
    releases: async () => ({ items: releases, complete: true }),
  };
  return { tags, releases };
}

test('tags and releases that nobody told of are brought in, once', async () => {
  const { tags, releases } = withTags();
  expect(await look()).toEqual({ taken: 0 });
  tags.push({ name: 'v2', sha: sha(2) });
  releases.push({ tag: 'v2', prerelease: true, name: 'Two' });
  expect(await look()).toEqual({ taken: 2 });
  expect(await look()).toEqual({ taken: 0 });
  expect((await made()).sort()).toEqual(['sweep/acme/shop/release:v2', `sweep/acme/shop/tag:v2@${sha(2)}`]);
  const events = (await store.inbox.list({ source, limit: 2 })).flatMap((delivery) => delivery.events);
  expect(events).toContainEqual(
    expect.objectContaining({ kind: 'tag', tag: 'v2', ref: 'refs/tags/v2', commit: { sha: sha(2) }, created: true }),
  );
  expect(events).toContainEqual(
    expect.objectContaining({ kind: 'release', action: 'published', tag: 'v2', name: 'Two', prerelease: true }),
  );
  tags[1] = { name: 'v2', sha: sha(3) };
  expect(await look()).toEqual({ taken: 1 });
  expect((await store.inbox.list({ source, limit: 1 }))[0]?.events).toMatchObject([{ kind: 'tag', created: false }]);
});

test('tags and releases that their own deliveries told of are not made again, also where those name the tag’s object', async () => {
  const { tags, releases } = withTags();
  await look();
  tags.push({ name: 'v2', sha: sha(2) }, { name: 'v3', sha: sha(3), object: sha(33) });
  releases.push({ tag: 'v2', prerelease: false });
  await toldOf(tagEvent({ source, repository, tag: 'v2', commit: { sha: sha(2) } }));
  await toldOf(tagEvent({ source, repository, tag: 'v3', commit: { sha: sha(33) } }));
  await toldOf(releaseEvent({ source, repository, tag: 'v2', action: 'published' }));
  expect(await look()).toEqual({ taken: 0 });
});

test('what was deleted or closed, as is told, and is there again at the same commit, which nobody tells, is brought in', async () => {
  withTags();
  standsAt(sha(1));
  const { pullRequest } = pullRequestEvent();
  state = { ...state, pullRequests: async () => ({ items: [pullRequest], complete: true }) };
  await look();
  await toldOf(pullRequestEvent({ source, repository, action: 'labeled' }), Date.now() - 20 * MINUTE);
  const ends = [
    branchDeletedEvent({ source, repository }),
    tagDeletedEvent({ source, repository, tag: 'v1' }),
    releaseEvent({ source, repository, tag: 'v1', action: 'deleted' }),
    pullRequestEvent({ source, repository, action: 'closed' }, { state: 'closed' }),
  ];
  for (const event of ends) await toldOf(event, Date.now() - 10 * MINUTE);
  expect(await look()).toEqual({ taken: 4 });
  const events = (await store.inbox.list({ source, limit: 4 })).flatMap((delivery) => delivery.events);
  for (const event of [
    { kind: 'push', branch: 'main', created: true },
    { kind: 'tag', tag: 'v1', created: true },
    { kind: 'release', tag: 'v1', action: 'published' },
    { kind: 'pull_request', action: 'opened' },
  ])
    expect(events).toContainEqual(expect.objectContaining(event));
  expect(await look()).toEqual({ taken: 0 });
});

test('what was deleted and made again, as is told in any order, is not made once more', async () => {
  standsAt(sha(1));
  await look();
  const deleted = branchDeletedEvent({ source, repository, before: sha(1) });
  await toldOf(deleted, Date.now() - 20 * MINUTE);
  await told({ commit: { sha: sha(1) }, created: true }, Date.now() - 10 * MINUTE);
  expect(await look()).toEqual({ taken: 0 });
  await toldOf(deleted, Date.now() - 10 * MINUTE + 1_000);
  expect(await look()).toEqual({ taken: 0 });
});

test('a pull request that was opened again is not made once more where its end is told of late, as somebody has it sent again', async () => {
  const { pullRequest } = pullRequestEvent();
  state = { ...state, pullRequests: async () => ({ items: [pullRequest], complete: true }) };
  await look();
  const at = (minutes: number) => Date.now() - minutes * MINUTE;
  const of = (action: 'closed' | 'reopened', minutes: number) => {
    const updatedAt = new Date(at(minutes)).toISOString();
    const change = action === 'closed' ? { state: 'closed' as const, updatedAt } : { updatedAt };
    return pullRequestEvent({ source, repository, action }, change);
  };
  await toldOf(of('reopened', 20), at(20));
  await toldOf(of('closed', 30), at(10));
  expect(await look()).toEqual({ taken: 0 });
  await toldOf(of('closed', 5), at(5));
  expect(await look()).toEqual({ taken: 1 });
});

test('what the version before stored knows no tags: those that are there are not new', async () => {
  const heads = { 'branch:main': sha(1) };
  await store.records.upsert({
    ...{ collection: 'hookyard.heads', key: 'gitea#acme/shop', version: 1 },
    data: { at: Date.now() - 60_000, heads, complete: true },
  });
  const { tags } = withTags();
  expect(await look()).toEqual({ taken: 0 });
  tags.push({ name: 'v2', sha: sha(2) });
  expect(await look()).toEqual({ taken: 1 });
});

test('tags that may not be read are told, and keep no branch from being looked at', async () => {
  state = {
    ...state,
    async tags() {
      throw new ProviderError('not configured', 'the API answered 403', { status: 403 });
    },
  };
  const trouble = 'its tags are not read: the API answered 403';
  standsAt(sha(1));
  expect(await look()).toEqual({ taken: 0, trouble });
  standsAt(sha(2));
  expect(await look()).toMatchObject({ taken: 1 });
});

test('a list of tags that was cut shows none as new, and branches are looked at all the same', async () => {
  const { tags } = withTags();
  state = { ...state, tags: async () => ({ items: tags, complete: false }) };
  standsAt(sha(1));
  await look();
  tags.push({ name: 'v0', sha: sha(9) });
  standsAt(sha(2));
  expect(await look()).toEqual({ taken: 1 });
  expect(await made()).toEqual([`sweep/acme/shop/main@${sha(2)}`]);
});
