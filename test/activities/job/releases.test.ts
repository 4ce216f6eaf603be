import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { createReleases } from '../../../src/activities/job/releases.js';
import type { Workspace } from '../../../src/activities/job/workspace.js';
import { configOf } from '../../support/harness/config.js';
import { activity, openJobs, WORKFLOW } from '../../support/harness/jobs.js';

const config = configOf(
  { sources: { it: { kind: 'github', secrets: [{ env: 'HOOK' }] } }, jobs: { keep: { perRepository: 0 } } },
  { HOOK: 'x' },
);
const never = new AbortController().signal;
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
async function isOver(promise: Promise<unknown> | undefined): Promise<boolean> {
  let over = false;
  void promise?.then(() => {
    over = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return over;
}

test('jobs and workspaces that are given back have slots, together no more than there are', async () => {
  const releases = open();
  const first = await releases.takeSlot(2, never);
  const { workspace, removed } = aWorkspace();
  releases.begin(workspace);
  const waiting = [releases.takeSlot(2, never), releases.takeSlot(2, never)];
  expect(await Promise.all(waiting.map(isOver))).toEqual([false, false]);
  removed();
  await waiting[0];
  expect(await isOver(waiting[1])).toBe(false);
  // A slot that is freed twice is one.
  first();
  first();
  await waiting[1];
  expect(await isOver(releases.takeSlot(2, never))).toBe(false);
});

test('all that is given back is waited for, and holds nobody up where it can’t be removed', async () => {
  const releases = open();
  const { workspace, removed } = aWorkspace();
  releases.begin(workspace);
  const all = releases.all();
  expect(await isOver(all)).toBe(false);
  removed();
  await all;
  releases.begin({ ...workspace, remove: () => Promise.reject(new Error('busy')) });
  await releases.takeSlot(1, never);
});

test('one that hangs has no slot any more after some minutes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const releases = open();
    releases.begin(aWorkspace().workspace);
    const free = releases.takeSlot(1, never);
    expect(await isOver(free)).toBe(false);
    vi.advanceTimersByTime(5 * 60_000);
    await free;
  } finally {
    vi.useRealTimers();
  }
});

test('whoever waits for a slot can be cancelled, and leaves it to the next', async () => {
  const releases = open();
  const free = await releases.takeSlot(1, never);
  const stop = new AbortController();
  const [first, second] = [releases.takeSlot(1, stop.signal), releases.takeSlot(1, never)];
  stop.abort(new Error('cancelled'));
  await expect(first).rejects.toThrow('cancelled');
  await expect(releases.takeSlot(1, stop.signal)).rejects.toThrow('cancelled');
  free();
  await second;
});

test('a job that waits for a slot can be cancelled, and its time begins once it has one', async () => {
  const releases = open();
  const free = await releases.takeSlot(1, never);
  const jobs = await openJobs({ jobs: { slots: 1 } }, {}, { releases });
  try {
    await jobs.commit({ 'a.txt': 'a' });
    const input = await jobs.input({ steps: ['echo begun'], timeoutMs: 10_000 });
    const cancelled = activity({ workflowExecution: WORKFLOW, attempt: 1 });
    const failing = cancelled.run(jobs.runJob, input);
    cancelled.cancel();
    await expect(failing).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(await jobs.workspaces()).toEqual([]);
    const waiting = activity({ workflowExecution: WORKFLOW, attempt: 1 }).run(jobs.runJob, input);
    expect(await isOver(waiting)).toBe(false);
    free();
    expect(await waiting).toMatchObject({ outcome: 'passed' });
    await releases.all();
    expect(await isOver(releases.takeSlot(1, never))).toBe(true);
  } finally {
    await jobs.close();
  }
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
