import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hookLogsOf } from '../../../src/activities/reconcile/hook-logs.js';
import { seenRepositories } from '../../../src/activities/reconcile/repositories.js';
import { createSweepRepository } from '../../../src/activities/reconcile/sweep-repository.js';
import type { Config } from '../../../src/config/config.js';
import { createIngest } from '../../../src/intake/ingest.js';
import { createProviders, type Providers } from '../../../src/providers/apis.js';
import { knownSources } from '../../../src/providers/known-sources.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { activity } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { type Answer, type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';
import { tempFolder } from '../../support/temp-folder.js';
import { pushEvent } from '../../triggers/sample-events.js';

const UUID = '4bd54d5c-7b62-4b3b-9a9e-3bd0ac0f1c2a';
const sha = (n: number) => n.toString(16).padStart(12, 'c').padEnd(40, '0');
const log = pino({ level: 'silent' });

let store: Store;
let forge: LocalServer;
/** What the repository is called. */
let called: string;
/** Where its branch main is. */
let head: string;
/** Whether the old name leads to the new one. */
let redirects: boolean;
/** Whether another repository has the old name now. */
let taken: boolean;

beforeEach(async () => {
  store = await openSqliteStore({ path: join(await tempFolder('renamed'), 'store.db') });
  forge = await startServer(answer);
  [called, head, redirects, taken] = ['acme/shop', sha(1), false, false];
});
afterEach(async () => {
  await forge.close();
  await store.close();
});

/** What a forge of any kind answers: nothing of it depends on how it is asked but the path. */
function answer({ method, path }: Received): Answer {
  if (method !== 'GET') return { status: 405 };
  const about = (name: string, id = 42) => ({
    ...{ id, full_name: name, html_url: `http://forge/${name}`, private: false, path_with_namespace: name },
    ...{ uuid: `{${id === 42 ? UUID : UUID.replace('4', '5')}}`, slug: name.split('/')[1] },
    ...{ project: { key: name.split('/')[0] }, public: true },
  });
  if (path === '/api/v1/user/repos') return { status: 200, body: [about('acme/other', 7), about(called)] };
  if (path === '/api/latest/repos')
    return { status: 200, body: { values: [about('acme/other', 7), about(called)], isLastPage: true } };
  if (
    [`/repositories/{}/{${UUID}}`, '/api/v1/repositories/42', '/repositories/42', '/api/v4/projects/42'].includes(path)
  )
    return { status: 200, body: about(called) };
  const name = /^\/(?:api\/v1\/repos|repos|repositories|api\/latest\/projects|api\/v4\/projects)\/(.*)$/
    .exec(path)?.[1]
    ?.replace('/repos/', '/');
  const [owner, repo, ...rest] = (name ?? '').split('/');
  const asked = `${owner}/${repo}`;
  if (asked !== called && taken && rest.length === 0) return { status: 200, body: about(asked, 99) };
  if (asked !== called)
    return redirects ? { status: 307, headers: { location: path.replace(asked, called) } } : { status: 404 };
  switch (rest.join('/')) {
    case '':
      return { status: 200, body: about(called) };
    case 'branches':
      return path.startsWith('/api/latest')
        ? { status: 200, body: { values: [{ id: 'refs/heads/main', latestCommit: head }], isLastPage: true } }
        : { status: 200, body: [{ name: 'main', commit: { id: head } }], headers: { 'x-total-count': '1' } };
    case 'refs/branches':
      return { status: 200, body: { values: [{ name: 'main', target: { hash: head } }] } };
    case 'pullrequests':
    case 'pull-requests':
      return { status: 200, body: { values: [], isLastPage: true } };
    case 'hooks':
      return { status: 200, body: [] };
    default:
      return { status: 404 };
  }
}

function configFor(kind: string): Config {
  const api = { url: forge.url, token: { env: 'T' } };
  const here = {
    kind,
    url: 'https://code.example',
    secrets: [{ env: 'S' }],
    api,
    reconcile: { callsPerMinute: 6_000 },
  };
  return configOf({ sources: { here } } as never, { S: 'a webhook secret', T: 't' });
}

/** Both halves of a look at one repository. */
async function look(config: Config, providers: Providers, repository: string) {
  const ingest = createIngest({
    config,
    sources: knownSources(config.sources),
    inbox: store.inbox,
    automations: () => [],
    log,
    outdate: async () => undefined,
  });
  const rateLimit = { acquire: async () => undefined, charge: () => undefined };
  const sweep = createSweepRepository({ config, store, log, providers, rateLimit, ingest });
  const { suspects } = await activity().run(sweep, { source: 'here', repository });
  return suspects.length > 0 ? (await activity().run(sweep, { source: 'here', repository, suspects })).taken : 0;
}

/** A push that its own delivery told of. */
async function told(fullName: string, id: string): Promise<void> {
  const key = randomUUID();
  const repository = { id, fullName, url: `http://forge/${fullName}`, private: false };
  await store.inbox.accept({
    ...{ id: key.replaceAll('-', ''), source: 'here', key, bodyHash: key, repeatedSince: Number.MAX_SAFE_INTEGER },
    ...{ eventName: 'push', receivedAt: Date.now(), headers: {}, body: Buffer.from('{}'), verdicts: [] },
    events: [pushEvent({ source: 'here', repository, commit: { sha: sha(1) } })],
  });
}

const idAt = (kind: string) => (kind === 'bitbucket-cloud' ? UUID : '42');

test.each([
  ['gitea', 'a redirect'],
  ['gitea', 'its id'],
  ['forgejo', 'a redirect'],
  ['forgejo', 'its id'],
  ['gogs', 'its id'],
  ['bitbucket-cloud', 'a redirect'],
  ['bitbucket-cloud', 'its id'],
  ['bitbucket-data-center', 'a redirect'],
  ['bitbucket-data-center', 'its id'],
])('a renamed repository of %s is found again by %s, and what was missed meanwhile comes', async (kind, by) => {
  redirects = by === 'a redirect';
  const config = configFor(kind);
  const providers = createProviders({ config, log });
  await told('acme/shop', idAt(kind));
  expect(await seenRepositories(store, 'here')).toEqual(['acme/shop']);
  expect(await look(config, providers, 'acme/shop')).toBe(0);

  [called, head] = ['emca/store', sha(2)];
  expect(await look(config, providers, 'acme/shop')).toBe(1);
  const [made] = await store.inbox.list({ source: 'here', limit: 1 });
  expect(made?.events[0]).toMatchObject({
    repository: { fullName: 'emca/store' },
    before: sha(1),
    commit: { sha: head },
  });
  expect(await seenRepositories(store, 'here')).toEqual(['emca/store']);

  const asked = forge.received.length;
  head = sha(3);
  expect(await look(config, providers, 'emca/store')).toBe(1);
  expect(await look(config, providers, 'acme/shop')).toBe(0);
  expect(forge.received.slice(asked).map(({ path }) => path)).not.toContainEqual(expect.stringContaining('acme/shop'));
});

test.each(['gitea', 'bitbucket-cloud', 'bitbucket-data-center', 'gogs'])(
  'another repository of %s that took the old name is not looked at in the renamed one’s place',
  async (kind) => {
    const config = configFor(kind);
    const providers = createProviders({ config, log });
    await told('acme/shop', idAt(kind));
    await seenRepositories(store, 'here');
    await look(config, providers, 'acme/shop');
    [called, head, taken] = ['acme/store', sha(2), true];
    expect(await look(config, providers, 'acme/shop')).toBe(1);
    const [made] = await store.inbox.list({ source: 'here', limit: 1 });
    expect(made?.events[0]).toMatchObject({ repository: { id: idAt(kind), fullName: 'acme/store' } });
  },
);

test('a repository that is gone stays an error, and one without a known id too', async () => {
  const config = configFor('bitbucket-cloud');
  const providers = createProviders({ config, log });
  await expect(look(config, providers, 'acme/gone')).rejects.toThrow('404');
});

test('deliveries that tell the new name end the looks at the old one', async () => {
  await told('acme/shop', '42');
  expect(await seenRepositories(store, 'here')).toEqual(['acme/shop']);
  await new Promise((resolve) => setTimeout(resolve, 2));
  await told('acme/store', '42');
  await told('acme/other', '43');
  expect((await seenRepositories(store, 'here')).sort()).toEqual(['acme/other', 'acme/store']);
});

test.each(['github', 'gitlab'])('the hooks of a renamed repository of %s are found by its id', async (kind) => {
  const config = configFor(kind);
  const providers = createProviders({ config, log });
  await told('acme/shop', '42');
  await seenRepositories(store, 'here');
  called = 'acme/store';
  const target = { kind: 'repository', name: 'acme/shop' } as const;
  const logs = await hookLogsOf({ providers, store }, { source: 'here', target });
  expect(await logs.list()).toEqual([]);
  expect(await seenRepositories(store, 'here')).toEqual(['acme/store']);
});
