import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createReconcile } from '../../../src/activities/reconcile/index.js';
import { readRequests, writeRequests } from '../../../src/activities/reconcile/redelivery-requests.js';
import { noteReconciled, reconciledUntil } from '../../../src/activities/reconcile/watermark.js';
import { createProviders } from '../../../src/providers/apis.js';
import type { LoggedHook } from '../../support/fake-github/delivery-logs.js';
import type { FakeGithub } from '../../support/fake-github/github.js';
import { activity, depsOf } from '../../support/harness/activity.js';
import { unique } from '../../support/temporal.js';
import { type GithubSystem, openGithubSystem, tellPush } from './github-system.js';
import type { System } from './system.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let github: GithubSystem;
let hub: FakeGithub;
let system: System;
let hook: LoggedHook;
// A source for each test: they share one inbox.
const sources = Array.from({ length: 8 }, () => unique('hub'));
let source = '';
let next = 0;

beforeAll(async () => {
  github = await openGithubSystem(sources);
  ({ hub, system } = github);
});
afterAll(() => github?.close());
beforeEach(() => {
  source = sources[next] ?? '';
  hub.perPage = 100;
  hook = hub.addHook(`/repos/acme/${source}/hooks/7`, `${system.receiver.url}/webhooks/${source}`);
});
afterEach(async () => {
  next += 1;
  await system.receiver.up();
});

const tell = (minutesAgo: number) => tellPush(hook, source, minutesAgo);
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
const hasCome = async (key: string) => (await system.store.inbox.has(source, [key])).has(key);
const target = () => ({ kind: 'repository' as const, name: `acme/${source}` });

test('a delivery that was refused often comes back when somebody asks', async () => {
  await tell(55);
  await system.receiver.down();
  const lost = await tell(50);
  for (let look = 1; look <= 5; look++) await system.reconcile({ source });
  await system.receiver.up();
  const found = { outcome: 'passed', missing: 1, redelivered: 1 };
  expect(await system.reconcile({ source, since: ago(120) })).toMatchObject(found);
  expect(await hasCome(lost)).toBe(true);
});

test('a delivery that was refused often comes back by itself when its time to wait is over', async () => {
  await tell(55);
  await system.receiver.down();
  const lost = await tell(50);
  for (let look = 1; look <= 3; look++) await system.reconcile({ source });
  await system.receiver.up();
  const of = { source, target: target() };
  const open = await readRequests(system.store, of);
  const asked = open.get(lost);
  if (asked) open.set(lost, { ...asked, last: asked.last - 30 * MINUTE });
  await writeRequests(system.store, of, open);
  expect(await system.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 1 });
  expect(await hasCome(lost)).toBe(true);
  // What has come is not remembered.
  await system.reconcile({ source });
  expect((await readRequests(system.store, of)).size).toBe(0);
});

test('a delivery that was refused often is asked for once in a pass, though its attempts are on many pages', async () => {
  hub.perPage = 1;
  await tell(55);
  await system.receiver.down();
  await tell(50);
  for (let look = 1; look <= 3; look++) {
    const before = hub.redelivered;
    expect(await system.reconcile({ source, since: ago(120) })).toMatchObject({ missing: 1, redelivered: 1 });
    expect(hub.redelivered - before).toBe(1);
  }
});

test('a delivery that was refused for days is given up, which is reported', async () => {
  await tell(55);
  await system.receiver.down();
  const lost = await tell(50);
  const of = { source, target: target() };
  const then = Date.now() - 8 * DAY;
  await writeRequests(system.store, of, new Map([[lost, { first: then, last: Date.now() - DAY, pass: then }]]));
  const result = await system.reconcile({ source });
  expect(result).toMatchObject({ outcome: 'failed', missing: 1, redelivered: 0 });
  expect(result.troubles).toEqual([`repository acme/${source}: given up after 7 days: ${lost}`]);
  const warned = () => system.kept.printed.some((line) => line.includes(`"troubles":1`) && line.includes(source));
  // What a workflow logs comes a moment later.
  await expect.poll(warned).toBe(true);
  const line = system.kept.printed.find((one) => one.includes(`"troubles":1`) && one.includes(source));
  expect(JSON.parse(line ?? '')).toMatchObject({ level: 40, source, outcome: 'failed' });
});

test('a clock that was ahead once hides nothing, and is forgotten', async () => {
  await tell(55);
  await system.receiver.down();
  const lost = await tell(50);
  await system.receiver.up();
  const tomorrow = Date.now() + DAY;
  const of = { source, target: target() };
  await noteReconciled(system.store.records, { ...of, until: tomorrow });
  expect(await system.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 1 });
  expect(await hasCome(lost)).toBe(true);
  expect(await reconciledUntil(system.store.records, of, tomorrow)).toBeLessThan(tomorrow - DAY / 2);
  await noteReconciled(system.store.records, { ...of, until: tomorrow });
  expect(await reconciledUntil(system.store.records, of, 1_000)).toBe(1_000);
});

test('a target that has more pages than one look takes is told of, and the next look begins behind it', async () => {
  hub.perPage = 1;
  for (const minutes of [55, 50, 45]) await tell(minutes);
  const deps = { ...depsOf(system.config), store: system.store };
  const { reconcilePage } = createReconcile(deps, createProviders({ config: system.config, log: deps.log }));
  const page = (cursor?: string) => activity().run(reconcilePage, { source, target: target(), cursor });
  const first = await page();
  expect(first).toMatchObject({ seen: 1, hooks: 1, next: expect.any(String) });
  const place = JSON.parse(first.next ?? '');
  const last = await page(JSON.stringify({ ...place, pages: 19_999 }));
  expect(last).not.toHaveProperty('next');
  expect(last.troubles).toEqual([expect.stringContaining('20000 pages')]);
  expect(await reconciledUntil(system.store.records, { source, target: target() }, Date.now())).toBe(place.began);
});
