import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';
import { pushPayload } from '../../support/harness/payloads.js';
import { unique } from '../../support/temporal.js';
import { openSystem, type System } from './system.js';

const TOKEN = 'canary-forge-token';
const SECRET = 'a webhook secret for tests';
const KINDS = ['gitea', 'forgejo', 'gogs', 'bitbucket-cloud', 'bitbucket-data-center'] as const;
const UUID = '4bd54d5c-7b62-4b3b-9a9e-3bd0ac0f1c2a';

/** How `acme/shop` stands at each provider: what its API tells. */
let branches: Record<string, string>;
let pulls: Record<number, { from: string; sha: string; fork?: boolean }>;
/** Called with each question for the repository itself: the first of a sweep. */
let onSweep: () => void | Promise<void>;
let forge: LocalServer;
let system: System;
const sources = Object.fromEntries(
  [...KINDS, 'gitea-fresh', 'gitea-late', 'gitea-later', 'gitea-many'].map((name) => [name, unique(name)]),
);

beforeAll(async () => {
  forge = await startServer(answer);
  const settings = { secrets: [{ env: 'SECRET' }], reconcile: { callsPerMinute: 6_000, settle: '1 second' } };
  system = await openSystem({
    values: { SECRET, TOKEN },
    config: (receiver) => ({
      server: { publicUrl: receiver },
      sources: Object.fromEntries(
        Object.entries(sources).map(([what, name]) => {
          const kind = KINDS.find((known) => known === what) ?? 'gitea';
          const reconcile = { ...settings.reconcile, repositories: ['acme/shop'] };
          const api = { url: forge.url, token: { env: 'TOKEN' } };
          return [name, { ...settings, kind, url: 'http://forge.example', api, reconcile }];
        }),
      ),
    }),
  });
});
afterAll(async () => {
  await system?.close();
  await forge?.close();
});
beforeEach(() => {
  branches = { main: sha(), old: sha() };
  pulls = {};
  onSweep = () => undefined;
});
afterEach(() => system.receiver.up());

const sha = () => randomUUID().replaceAll('-', '').padEnd(40, '0');

async function answer({ method, path, headers, query }: Received) {
  if (![`token ${TOKEN}`, `Bearer ${TOKEN}`].includes(headers.authorization ?? '')) return { status: 401 };
  if (method !== 'GET') return { status: 405 };
  if (/^\/(?:api\/v1\/repos|repositories|api\/latest\/projects)\/acme\/(?:repos\/)?shop$/.test(path)) {
    await onSweep();
    const gitea = { id: 42, full_name: 'acme/shop', html_url: 'http://forge/acme/shop', private: false };
    const cloud = { uuid: `{${UUID}}`, is_private: false, links: { html: { href: 'http://forge/acme/shop' } } };
    return { status: 200, body: { ...gitea, ...cloud, slug: 'shop', project: { key: 'acme' }, public: true } };
  }
  const list = Object.entries(branches);
  const open = Object.entries(pulls);
  const first = Number(query.get('page') ?? 1) === 1 && Number(query.get('start') ?? 0) === 0;
  // A pull request of Bitbucket Cloud names its commit by 12 digits, which its run asks to be completed.
  const digits = /\/commit\/([0-9a-f]{12})$/.exec(path)?.[1];
  if (digits) {
    const hash = [...Object.values(branches), ...Object.values(pulls).map((pull) => pull.sha)].find((one) =>
      one.startsWith(digits),
    );
    return hash ? { status: 200, body: { hash } } : { status: 404 };
  }
  if (path.endsWith('/refs/branches')) {
    expect(query.get('sort')).toBe('-target.date');
    return { status: 200, body: { values: list.map(([name, hash]) => ({ name, target: { hash } })) } };
  }
  if (path.startsWith('/api/latest') && path.endsWith('/branches')) {
    expect(query.get('orderBy')).toBe('MODIFICATION');
    const values = list.map(([name, latestCommit]) => ({ id: `refs/heads/${name}`, displayId: name, latestCommit }));
    return { status: 200, body: { values, isLastPage: true } };
  }
  if (path.endsWith('/tags'))
    return { status: 200, body: /\/api\/v1\//.test(path) ? [] : { values: [], isLastPage: true } };
  if (path.endsWith('/branches'))
    return { status: 200, body: first ? list.map(([name, id]) => ({ name, commit: { id } })) : [] };
  if (path.endsWith('/pullrequests')) {
    // A draft, for example, is open in a state of its own.
    expect(query.has('state')).toBe(false);
    return { status: 200, body: { values: open.map(([id, pull]) => cloudPull(Number(id), pull)) } };
  }
  if (path.endsWith('/pull-requests'))
    return { status: 200, body: { values: open.map(([id, pull]) => serverPull(Number(id), pull)), isLastPage: true } };
  if (path.endsWith('/pulls')) {
    expect(query.get('state')).toBe('open');
    return { status: 200, body: first ? open.map(([id, pull]) => giteaPull(Number(id), pull)) : [] };
  }
  return { status: 404 };
}

type Pull = (typeof pulls)[number];

function giteaPull(number: number, { from, sha: head, fork }: Pull) {
  const side = (ref: string, at: string, id: number) => ({ ref, sha: at, repo: { id, full_name: 'acme/shop' } });
  return {
    ...{ number, title: 'More', html_url: `http://forge/acme/shop/pulls/${number}`, state: 'open', draft: false },
    user: { login: 'ada' },
    base: side('main', branches.main ?? '', 42),
    head: side(from, head, fork ? 43 : 42),
  };
}

function cloudPull(id: number, { from, sha: hash }: Pull) {
  const side = (name: string, at: string) => ({
    branch: { name },
    commit: { hash: at.slice(0, 12) },
    repository: { uuid: `{${UUID}}`, full_name: 'acme/shop' },
  });
  return { id, title: 'More', state: 'OPEN', source: side(from, hash), destination: side('main', branches.main ?? '') };
}

function serverPull(id: number, { from, sha: latestCommit }: Pull) {
  const repository = { id: 42, slug: 'shop', project: { key: 'acme' } };
  const side = (name: string, at: string) => ({ id: `refs/heads/${name}`, latestCommit: at, repository });
  return {
    id,
    title: 'More',
    state: 'OPEN',
    fromRef: side(from, latestCommit),
    toRef: side('main', branches.main ?? ''),
  };
}

/** Sends a push as Gitea does. */
async function push(source: string, branch: string, after: string, before?: string): Promise<void> {
  const repository = { id: 42, full_name: 'acme/shop', html_url: 'http://forge/acme/shop', private: false };
  const body = JSON.stringify({
    ...pushPayload({ ref: `refs/heads/${branch}`, after, ...(before && { before }) }),
    repository,
  });
  const { status } = await fetch(`${system.receiver.url}/webhooks/${source}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-gitea-event': 'push',
      'x-gitea-delivery': randomUUID(),
      'x-gitea-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
    },
  });
  expect(status).toBe(202);
}

describe.each(KINDS)('a sweep of %s', (kind) => {
  const source = sources[kind] ?? '';
  const hasPulls = kind !== 'gogs';

  test('a sweep of %s takes a first look as it is, and then brings in each change that nobody told of, once', async () => {
    expect(await system.reconcile({ source })).toMatchObject({ outcome: 'passed', seen: 2, missing: 0, taken: 0 });
    const [before, moved, made] = [branches.main ?? '', sha(), sha()];
    Object.assign(branches, { main: moved, feature: made });
    pulls = { 7: { from: 'feature', sha: made } };
    const count = hasPulls ? 3 : 2;
    expect(await system.reconcile({ source })).toMatchObject({ outcome: 'passed', missing: count, taken: count });

    const deliveries = await system.deliveries(source);
    const short = kind === 'bitbucket-cloud' ? made.slice(0, 12) : made;
    expect(deliveries.map(({ key }) => key).sort()).toEqual(
      [
        `sweep/acme/shop/feature@${made}`,
        `sweep/acme/shop/main@${moved}`,
        ...(hasPulls ? [`sweep/acme/shop/pull:7@${short}`] : []),
      ].sort(),
    );
    const events = deliveries.flatMap((delivery) => delivery.events);
    const id = kind === 'bitbucket-cloud' ? UUID : '42';
    const about = { source, provider: kind, repository: { id, fullName: 'acme/shop', private: false } };
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'push', branch: 'main', before, commit: { sha: moved }, created: false }),
    );
    expect(events).toContainEqual(expect.objectContaining({ kind: 'push', branch: 'feature', created: true }));
    for (const event of events) expect(event).toMatchObject(about);
    if (hasPulls)
      expect(events.find((event) => event.kind === 'pull_request')).toMatchObject({
        action: 'opened',
        commit: { sha: short },
        pullRequest: { number: 7, state: 'open', fork: false, head: { ref: 'feature' } },
      });
    expect(await system.runs(source, count)).toHaveLength(count);

    expect(await system.reconcile({ source })).toMatchObject({ outcome: 'passed', missing: 0, taken: 0 });
    if (hasPulls) {
      pulls[7] = { from: 'feature', sha: sha() };
      expect(await system.reconcile({ source })).toMatchObject({ missing: 1, taken: 1 });
      expect((await system.deliveries(source)).at(-1)?.events[0]).toMatchObject({ action: 'synchronize' });
    }
  });
});

test('a first look brings in what is newer than what the inbox was told, and nothing that it never heard of', async () => {
  const source = sources['gitea-fresh'] ?? '';
  await push(source, 'main', branches.main ?? '');
  branches.main = sha();
  expect(await system.reconcile({ source })).toMatchObject({ seen: 2, missing: 1, taken: 1 });
  expect((await system.deliveries(source)).map(({ key }) => key)[1]).toBe(`sweep/acme/shop/main@${branches.main}`);
});

test('a change whose delivery is only late is not made again, neither is one that was told in time', async () => {
  const source = sources['gitea-late'] ?? '';
  expect(await system.reconcile({ source })).toMatchObject({ taken: 0 });
  branches.main = sha();
  await push(source, 'main', branches.main);
  branches.old = sha();
  let sweeps = 0;
  onSweep = async () => {
    sweeps += 1;
    // The first look has seen the change by now; its delivery comes before the second.
    if (sweeps === 2) await push(source, 'old', branches.old ?? '');
  };
  expect(await system.reconcile({ source })).toMatchObject({ outcome: 'passed', missing: 0, taken: 0 });
  expect(sweeps).toBe(2);
  expect(await system.deliveries(source)).toHaveLength(2);
  onSweep = () => undefined;
  expect(await system.reconcile({ source })).toMatchObject({ missing: 0, taken: 0 });
});

test('a delivery that comes after the look that made it starts no second run', async () => {
  const source = sources['gitea-later'] ?? '';
  expect(await system.reconcile({ source })).toMatchObject({ taken: 0 });
  const before = branches.main ?? '';
  branches.main = sha();
  expect(await system.reconcile({ source })).toMatchObject({ taken: 1 });
  await push(source, 'main', branches.main, before);
  const [made, late] = await system.deliveries(source);
  expect(made?.dispatches).toHaveLength(1);
  expect(late).toMatchObject({ ignored: expect.stringContaining(made?.id ?? ''), dispatches: [] });
});

test('more changes than one look takes in are left for the next', async () => {
  const source = sources['gitea-many'] ?? '';
  expect(await system.reconcile({ source })).toMatchObject({ taken: 0 });
  for (let i = 0; i < 120; i++) branches[`b${i}`] = sha();
  expect(await system.reconcile({ source })).toMatchObject({ taken: 100 });
  expect(await system.reconcile({ source })).toMatchObject({ taken: 20 });
  expect(await system.reconcile({ source })).toMatchObject({ missing: 0, taken: 0 });
});
