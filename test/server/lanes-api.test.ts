import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeLane, type LaneDeps, listLanes } from '../../src/server/api/lanes.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { inLane } from '../store/a-claim.js';
import { tempFolder } from '../support/temp-folder.js';

let store: Store;
let deps: LaneDeps;
beforeEach(async () => {
  store = await openSqliteStore({ path: join(await tempFolder('lanes-api'), 'store.db') });
  deps = { lanes: store.lanes, wake: () => undefined };
});
afterEach(() => store.close());

const title = 'the lane deploy';
const held = async () => (await listLanes(deps, { limit: 10 })).lanes.map(({ title, mode }) => `${title} ${mode}`);

test('a lane that nobody was in is unknown, unless it is to be held up ahead', async () => {
  const pause = { lane: title, mode: 'paused', by: 'ada', reason: 'a freeze' };
  expect(await changeLane(deps, pause)).toBeUndefined();
  expect(await changeLane(deps, { ...pause, ahead: true })).toMatchObject({ title, mode: 'paused', ahead: true });
  expect(await held()).toEqual([`${title} paused`]);
  await store.inbox.accept(inLane('a'));
  expect(await store.inbox.findStart('a')).toMatchObject({ state: 'waiting' });
  // One lane has the name now, and it is the one that is meant.
  expect(await held()).toEqual([`${title} paused`]);
  expect(await changeLane(deps, { lane: title, mode: 'open', by: 'ada' })).toEqual({
    lane: 'deploy',
    title,
    mode: 'open',
  });
  expect(await store.inbox.findStart('a')).toMatchObject({ state: 'pending' });
});

test('what was held up ahead is opened again by the same name, though nobody has come', async () => {
  await changeLane(deps, { lane: title, mode: 'paused', by: 'ada', ahead: true });
  expect(await changeLane(deps, { lane: title, mode: 'open', by: 'ada' })).toMatchObject({ title, mode: 'open' });
  expect(await held()).toEqual([]);
  await store.inbox.accept(inLane('a'));
  expect(await store.inbox.findStart('a')).toMatchObject({ state: 'pending' });
});

test('lanes come in pages that end with the last lane, and none begins behind a lane that there is not', async () => {
  for (const lane of ['x', 'y', 'z']) await store.inbox.accept(inLane(`in ${lane}`, { lane }));
  const first = await listLanes(deps, { limit: 2 });
  expect(first).toMatchObject({ lanes: [{ lane: 'x' }, { lane: 'y' }], next: 'y' });
  const last = await listLanes(deps, { limit: 1, after: 'y' });
  expect(last.lanes).toMatchObject([{ lane: 'z' }]);
  expect(last).not.toHaveProperty('next');
  expect(await listLanes(deps, { limit: 3 })).not.toHaveProperty('next');
  expect(await listLanes(deps, { limit: 1, after: 'z' })).toEqual({ lanes: [] });
  await expect(listLanes(deps, { limit: 1, after: 'nonsense' })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('"after"'),
  });
});
