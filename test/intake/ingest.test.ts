import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { createIngest, type Ingest } from '../../src/intake/ingest.js';
import { knownSources } from '../../src/providers/known-sources.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { keepLog } from '../support/harness/log.js';
import { automations } from '../support/harness/receiver.js';
import { testConfig } from '../support/harness/receiver-config.js';
import { tempFolder } from '../support/temp-folder.js';
import { pushEvent } from '../triggers/sample-events.js';

let folder: string;
let store: Store;
let ingest: Ingest;
/** What runs that wait for an approval are told of. */
let told: HookyardEvent[] = [];

beforeEach(async () => {
  told = [];
  folder = await tempFolder('take-in');
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  const config = testConfig({
    sources: { github: { options: { repositories: ['acme/*'] } }, gitlab: { options: { kind: 'gitlab' } } },
  });
  ingest = createIngest({
    config,
    sources: knownSources(config.sources),
    inbox: store.inbox,
    automations: () => automations,
    log: keepLog().log,
    outdate: async (events) => void told.push(...events),
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

const of = (fullName: string, source = 'github') => {
  const event = pushEvent({ source });
  return { ...event, repository: { ...event.repository, fullName } };
};

test('an event of our own making about a repository that its source is bound to is stored', async () => {
  expect(await ingest.event({ key: 'sweep/1', event: of('acme/shop') })).toEqual({ outcome: 'stored' });
  expect(await ingest.event({ key: 'sweep/1', event: of('acme/shop') })).toEqual({ outcome: 'known' });
});

test('runs that wait for an approval are told of what is found, once', async () => {
  await ingest.event({ key: 'sweep/1', event: of('acme/shop') });
  await ingest.event({ key: 'sweep/1', event: of('acme/shop') });
  await ingest.event({ key: 'sweep/2', event: of('eve/shop') });
  expect(told).toMatchObject([{ kind: 'push', repository: { fullName: 'acme/shop' } }]);
});

test('an event of our own making about any other repository is refused, and starts nothing', async () => {
  expect(await ingest.event({ key: 'sweep/2', event: of('eve/shop') })).toEqual({
    outcome: 'refused',
    because: 'the source may not speak for eve/shop: it is not in its repositories',
  });
  expect(await store.inbox.find('sweep/2')).toBeUndefined();
  expect((await store.inbox.backlog()).pending).toBe(0);
});

test('an event of a source that is not configured is refused', async () => {
  for (const source of ['gone', 'toString']) {
    const taken = await ingest.event({ key: 'sweep/3', event: of('acme/shop', source) });
    expect(taken).toEqual({ outcome: 'refused', because: `there is no source "${source}"` });
  }
});

test('a fetched delivery that can’t be read is kept like a sent one, ignored with the reason, once', async () => {
  const fetched = { source: 'github', key: 'listed-1', headers: { 'x-github-event': 'push' }, body: Buffer.from('{') };
  expect(await ingest.delivery(fetched)).toEqual({ outcome: 'stored' });
  expect(await ingest.delivery(fetched)).toEqual({ outcome: 'known' });
  expect(await store.inbox.find('listed-1')).toMatchObject({
    eventName: 'unreadable',
    ignored: expect.stringMatching(/^it can't be read: /),
    events: [],
  });
});

test('a fetched delivery is known for what another hook has told of hours ago', async () => {
  const body = Buffer.from(
    JSON.stringify({
      ...{ event_name: 'push', ref: 'refs/heads/main', before: 'a'.repeat(40), after: 'b'.repeat(40) },
      project: { id: 2, path_with_namespace: 'acme/lamp', web_url: 'https://gitlab.example/acme/lamp' },
    }),
  );
  const told = (key: string, event: string) =>
    ingest.delivery({
      ...{ source: 'gitlab', key, body: Buffer.from(body) },
      headers: { 'x-gitlab-event': event, 'webhook-id': key },
    });
  const now = Date.now();
  expect(await told('by-the-system', 'System Hook')).toEqual({ outcome: 'stored' });
  vi.spyOn(Date, 'now').mockReturnValue(now + 3 * 3_600_000);
  expect(await told('by-the-project', 'Push Hook')).toEqual({ outcome: 'known' });
  // A second move, of which the system hook told nothing.
  expect(await told('by-the-project-again', 'Push Hook')).toEqual({ outcome: 'stored' });
});
