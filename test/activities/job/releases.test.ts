import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createReleases } from '../../../src/activities/job/releases.js';
import type { Workspace } from '../../../src/activities/job/workspace.js';
import { configOf } from '../../support/harness/config.js';

const config = configOf(
  { sources: { it: { kind: 'github', secrets: [{ env: 'HOOK' }] } }, jobs: { keep: { perRepository: 0 } } },
  { HOOK: 'x' },
);
const open = () => createReleases({ config, log: pino({ level: 'silent' }) });

/** A workspace that is being removed until `removed` is called. */
function aWorkspace() {
  let removed: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    removed = resolve;
  });
  const workspace: Workspace = {
    folder: '/x',
    source: '/x/src',
    home: '/x/home',
    temporary: '/x/tmp',
    remove: () => done,
  };
  return { workspace, removed: () => removed() };
}

/** Returns whether a promise has resolved by now. */
async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false;
  void promise.then(() => {
    over = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return over;
}

test('workspaces are given back beside, and count as slots until then', async () => {
  const releases = open();
  const [first, second] = [aWorkspace(), aWorkspace()];
  releases.begin(first.workspace);
  expect(await isOver(releases.fewerThan(2))).toBe(true);
  releases.begin(second.workspace);
  const free = releases.fewerThan(2);
  const all = releases.all();
  expect(await isOver(free)).toBe(false);
  first.removed();
  await free;
  expect(await isOver(all)).toBe(false);
  second.removed();
  await all;
});

test('one that can’t be removed is given up, and holds nobody up', async () => {
  const releases = open();
  const { workspace } = aWorkspace();
  releases.begin({ ...workspace, remove: () => Promise.reject(new Error('busy')) });
  await releases.all();
  await releases.fewerThan(1);
});

test('a job waits for files that are given back to the place it takes some from, and for no others', async () => {
  const releases = open();
  const { workspace, removed } = aWorkspace();
  const notedAt = { wallMs: Date.now(), monotonicMs: performance.now() };
  const tree = { place: '/kept/a', indexHash: '', changedFromMs: 0, notedAt };
  releases.begin({ ...workspace, tree });
  expect(await isOver(releases.of('/kept/b'))).toBe(true);
  const given = releases.of('/kept/a');
  expect(await isOver(given)).toBe(false);
  removed();
  await given;
});
