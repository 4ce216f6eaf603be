import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readRequests, writeRequests } from '../../../src/activities/reconcile/redelivery-requests.js';
import type { LoggedHook } from '../../support/fake-github/delivery-logs.js';
import type { FakeGithub } from '../../support/fake-github/github.js';
import { pushPayload } from '../../support/harness/payloads.js';
import { unique } from '../../support/temporal.js';
import { type GithubSystem, openGithubSystem, tellPush } from './github-system.js';
import type { System } from './system.js';

const MINUTE = 60_000;

let github: GithubSystem;
let hub: FakeGithub;
let system: System;
let hook: LoggedHook;
// A source for each test: they share one inbox.
const sources = Array.from({ length: 12 }, () => unique('hub'));
let source = '';
let next = 0;

beforeAll(async () => {
  github = await openGithubSystem(sources, (name) => (name === sources[1] ? [name] : []));
  ({ hub, system } = github);
});
afterAll(() => github?.close());

beforeEach(() => {
  source = sources[next] ?? '';
  hub.perPage = 100;
  hub.limited = 0;
  hub.onRedelivery = () => undefined;
  hook = hub.addHook(`/repos/acme/${source}/hooks/7`, `${system.receiver.url}/webhooks/${source}`);
});
afterEach(async () => {
  next += 1;
  await system.receiver.up();
});

const tell = (to: LoggedHook, minutesAgo: number) => tellPush(to, source, minutesAgo);
const keys = async () => (await system.deliveries(source)).map(({ key }) => key).sort();
const runsOf = (guids: readonly string[]) => guids.map((guid) => `told/${source}/${guid}`).sort();

test('all that GitHub could not deliver comes back through the receiver, once', async () => {
  const before = [await tell(hook, 75), await tell(hook, 70)];
  await system.receiver.down();
  const lost = [await tell(hook, 60), await tell(hook, 45), await tell(hook, 20), await tell(hook, 5)];
  await system.receiver.up();
  const after = [await tell(hook, 0)];
  expect(await keys()).toEqual([...before, ...after].sort());

  const result = await system.reconcile({ source });
  expect(result).toMatchObject({
    outcome: 'passed',
    targets: 1,
    missing: 4,
    redelivered: 4,
    refused: 0,
    troubles: [],
  });
  const all = [...before, ...lost, ...after];
  expect(await keys()).toEqual([...all].sort());
  expect(await system.runs(source, all.length)).toEqual(runsOf(all));
  // The oldest first, as they happened.
  const again = hook.attempts.filter(({ redelivery }) => redelivery).map(({ guid }) => guid);
  expect(again.reverse()).toEqual(lost);
  const [delivery] = (await system.deliveries(source)).filter(({ key }) => key === lost[0]);
  expect(delivery?.headers['x-hub-signature-256']).toBe('[redacted]');
});

test('a hook of the organisation is looked at as well', async () => {
  const above = hub.addHook(`/orgs/${source}/hooks/8`, `${system.receiver.url}/webhooks/${source}`);
  const first = await tell(hook, 50);
  await system.receiver.down();
  const lost = [await tell(hook, 30), await tell(above, 20)];
  await system.receiver.up();
  const result = await system.reconcile({ source });
  expect(result).toMatchObject({ outcome: 'passed', targets: 2, missing: 2, redelivered: 2 });
  expect(await keys()).toEqual([first, ...lost].sort());
});

test('a second look finds nothing, and asks for nothing', async () => {
  await tell(hook, 50);
  await system.receiver.down();
  await tell(hook, 30);
  await system.receiver.up();
  expect(await system.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 1 });
  const asked = hub.redelivered;
  expect(await system.reconcile({ source })).toMatchObject({ outcome: 'passed', missing: 0, redelivered: 0 });
  expect(await system.reconcile({ source, since: new Date(Date.now() - 90 * MINUTE).toISOString() })).toMatchObject({
    seen: 2,
    missing: 0,
    redelivered: 0,
  });
  expect(hub.redelivered).toBe(asked);
});

test('what fails again is asked for at the next look, and then less often', async () => {
  await tell(hook, 50);
  await system.receiver.down();
  const lost = await tell(hook, 30);
  expect(await system.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 1 });
  // The next pause is as long as the first, in which the look after that comes: it was asked for ten minutes ago.
  const of = { source, target: { kind: 'repository' as const, name: `acme/${source}` } };
  const open = await readRequests(system.store, of);
  const asked = open.get(lost);
  expect(asked).toBeDefined();
  if (asked) open.set(lost, { ...asked, first: asked.first - 10 * MINUTE, last: asked.last - 10 * MINUTE });
  await writeRequests(system.store, of, open);
  expect(await system.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 1 });
  expect(await system.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 0 });
  expect(hook.attempts.filter(({ guid }) => guid === lost)).toHaveLength(3);
});

test('many pages are read by cursor, over several runs, up to where the look begins', async () => {
  hub.perPage = 1;
  const old = await tell(hook, 200);
  const told: string[] = [];
  for (let i = 0; i < 60; i++) told.push(await tell(hook, 100 - i));
  await system.receiver.down();
  const lost = await tell(hook, 30);
  const newest = hook.attempts.shift();
  if (newest) hook.attempts.splice(55, 0, { ...newest, delivered_at: hook.attempts[55]?.delivered_at ?? '' });
  await system.receiver.up();
  const since = new Date(Date.now() - 150 * MINUTE).toISOString();
  const result = await system.reconcile({ source, since });
  expect(result).toMatchObject({ outcome: 'passed', seen: 61, missing: 1, redelivered: 1, continued: true });
  expect(await keys()).toEqual([old, ...told, lost].sort());
});

test("a rate limit's time is waited for, and what was asked for before it is not asked for again", async () => {
  await tell(hook, 50);
  await system.receiver.down();
  const lost = [await tell(hook, 30), await tell(hook, 20)];
  await system.receiver.up();
  let asked = 0;
  hub.onRedelivery = () => {
    asked += 1;
    if (asked === 1) hub.limited = 2;
  };
  expect(await system.reconcile({ source })).toMatchObject({ outcome: 'passed', missing: 2, redelivered: 2 });
  expect(asked).toBe(2);
  expect(await keys()).toEqual(expect.arrayContaining(lost));
});

test('hooks that lead elsewhere are left alone', async () => {
  const other = hub.addHook(`/repos/acme/${source}/hooks/9`, `http://127.0.0.1:1/webhooks/${source}`);
  await tell(hook, 50);
  await tell(other, 20);
  expect(await system.reconcile({ source })).toMatchObject({ outcome: 'passed', seen: 1, missing: 0, redelivered: 0 });
});

test('a source none of whose hooks leads here is told of', async () => {
  await tell(hook, 50);
  hub.addHook(hook.path, `http://127.0.0.1:1/webhooks/${source}`);
  const result = await system.reconcile({ source });
  expect(result).toMatchObject({ outcome: 'failed', targets: 1, seen: 0 });
  expect(result.troubles).toEqual([expect.stringContaining('none of the hooks')]);
});

test('a body that had come before under another id is answered as a repeat, and not asked for each time', async () => {
  await tell(hook, 50);
  const repository = { id: 42, full_name: `acme/${source}`, html_url: 'http://hub/x', private: false };
  const payload = { ...pushPayload(), repository };
  await hook.deliver('push', payload, new Date(Date.now() - 40 * MINUTE));
  await system.receiver.down();
  await hook.deliver('push', payload, new Date(Date.now() - 30 * MINUTE));
  await system.receiver.up();
  expect(await system.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 1 });
  hub.perPage = 1;
  expect(await system.reconcile({ source })).toMatchObject({ missing: 0, redelivered: 0 });
  expect(await system.deliveries(source)).toHaveLength(2);
});

test('a repository that refuses is told, and does not end the look', async () => {
  await tell(hook, 50);
  const gone = { id: 43, full_name: 'acme/gone', html_url: 'http://hub/gone', private: false };
  await hook.deliver('push', { ...pushPayload(), repository: gone }, new Date(Date.now() - 40 * MINUTE));
  await system.receiver.down();
  await tell(hook, 30);
  await system.receiver.up();
  hub.forbidden.add('/repos/acme/gone/hooks');
  const result = await system.reconcile({ source });
  expect(result).toMatchObject({ outcome: 'failed', targets: 2, missing: 1, redelivered: 1 });
  expect(result.troubles).toEqual([expect.stringMatching(/^repository acme\/gone: GitHub answered 403 .*credential/)]);
  expect(JSON.stringify(result) + system.kept.printed.join('')).not.toContain(github.token);
});
