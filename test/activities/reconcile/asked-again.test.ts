import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createReconcile } from '../../../src/activities/reconcile/index.js';
import { readRequests, writeRequests } from '../../../src/activities/reconcile/redelivery-requests.js';
import { noteReconciled, reconciledUntil } from '../../../src/activities/reconcile/watermark.js';
import { createProviders } from '../../../src/providers/apis.js';
import type { Hook, Hub } from '../../support/fake-github/hub.js';
import { activity, depsOf } from '../../support/harness/activity.js';
import type { Setting } from '../../support/harness/system.js';
import { unique } from '../../support/temporal.js';
import { type GithubSetting, openGithubSetting, tellPush } from './github-system.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let github: GithubSetting;
let hub: Hub;
let setting: Setting;
let hook: Hook;
// A source for each test: they share one inbox.
const sources = Array.from({ length: 8 }, () => unique('hub'));
let source = '';
let next = 0;

beforeAll(async () => {
  github = await openGithubSetting(sources);
  ({ hub, setting } = github);
});
afterAll(() => github?.close());
beforeEach(() => {
  source = sources[next] ?? '';
  hub.perPage = 100;
  hook = hub.addHook(`/repos/acme/${source}/hooks/7`, `${setting.url}/webhooks/${source}`);
});
afterEach(async () => {
  next += 1;
  await setting.receiverUp();
});

const tell = (minutesAgo: number) => tellPush(hook, source, minutesAgo);
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
const hasCome = async (key: string) => (await setting.store.inbox.has(source, [key])).has(key);
const target = () => ({ kind: 'repository' as const, name: `acme/${source}` });

describe('a delivery that the receiver did not take for several looks', () => {
  test('comes back when somebody asks, however often it was refused', async () => {
    await tell(55);
    await setting.receiverDown();
    const lost = await tell(50);
    for (let look = 1; look <= 5; look++) await setting.reconcile({ source });
    await setting.receiverUp();
    const found = { outcome: 'passed', missing: 1, redelivered: 1 };
    expect(await setting.reconcile({ source, since: ago(120) })).toMatchObject(found);
    expect(await hasCome(lost)).toBe(true);
  });

  test('comes back by itself when its time to wait is over', async () => {
    await tell(55);
    await setting.receiverDown();
    const lost = await tell(50);
    for (let look = 1; look <= 3; look++) await setting.reconcile({ source });
    await setting.receiverUp();
    const of = { source, target: target() };
    const open = await readRequests(setting.store, of);
    const asked = open.get(lost);
    if (asked) open.set(lost, { ...asked, last: asked.last - 30 * MINUTE });
    await writeRequests(setting.store, of, open);
    expect(await setting.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 1 });
    expect(await hasCome(lost)).toBe(true);
    // What has come is not remembered.
    await setting.reconcile({ source });
    expect((await readRequests(setting.store, of)).size).toBe(0);
  });

  test('is asked for once in a look, though its attempts are on many pages', async () => {
    hub.perPage = 1;
    await tell(55);
    await setting.receiverDown();
    await tell(50);
    for (let look = 1; look <= 3; look++) {
      const before = hub.redeliveries();
      expect(await setting.reconcile({ source, since: ago(120) })).toMatchObject({ missing: 1, redelivered: 1 });
      expect(hub.redeliveries() - before).toBe(1);
    }
  });

  test('is given up after days, which is told', async () => {
    await tell(55);
    await setting.receiverDown();
    const lost = await tell(50);
    const of = { source, target: target() };
    const then = Date.now() - 8 * DAY;
    await writeRequests(setting.store, of, new Map([[lost, { first: then, last: Date.now() - DAY, pass: then }]]));
    const result = await setting.reconcile({ source });
    expect(result).toMatchObject({ outcome: 'failed', missing: 1, redelivered: 0 });
    expect(result.troubles).toEqual([`repository acme/${source}: given up after 7 days: ${lost}`]);
    const warned = () => setting.lines.some((line) => line.includes(`"troubles":1`) && line.includes(source));
    // What a workflow logs comes a moment later.
    await expect.poll(warned, { timeout: 10_000 }).toBe(true);
    const line = setting.lines.find((one) => one.includes(`"troubles":1`) && one.includes(source));
    expect(JSON.parse(line ?? '')).toMatchObject({ level: 40, source, outcome: 'failed' });
  });
});

test('a clock that was ahead once hides nothing, and is forgotten', async () => {
  await tell(55);
  await setting.receiverDown();
  const lost = await tell(50);
  await setting.receiverUp();
  const tomorrow = Date.now() + DAY;
  const of = { source, target: target() };
  await noteReconciled(setting.store.records, { ...of, until: tomorrow });
  expect(await setting.reconcile({ source })).toMatchObject({ missing: 1, redelivered: 1 });
  expect(await hasCome(lost)).toBe(true);
  expect(await reconciledUntil(setting.store.records, of, tomorrow)).toBeLessThan(tomorrow - DAY / 2);
  await noteReconciled(setting.store.records, { ...of, until: tomorrow });
  expect(await reconciledUntil(setting.store.records, of, 1_000)).toBe(1_000);
});

test('a target that has more pages than one look takes is told of, and the next look begins behind it', async () => {
  hub.perPage = 1;
  for (const minutes of [55, 50, 45]) await tell(minutes);
  const deps = { ...depsOf(setting.config), store: setting.store };
  const { reconcilePage } = createReconcile(deps, createProviders({ config: setting.config, log: deps.log }));
  const page = (cursor?: string) => activity().run(reconcilePage, { source, target: target(), cursor });
  const first = await page();
  expect(first).toMatchObject({ seen: 1, hooks: 1, next: expect.any(String) });
  const place = JSON.parse(first.next ?? '');
  const last = await page(JSON.stringify({ ...place, pages: 19_999 }));
  expect(last).not.toHaveProperty('next');
  expect(last.troubles).toEqual([expect.stringContaining('20000 pages')]);
  expect(await reconciledUntil(setting.store.records, { source, target: target() }, Date.now())).toBe(place.began);
});
