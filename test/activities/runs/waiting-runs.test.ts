import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CancelClosedInput } from '../../../src/activities/contract/index.js';
import { createApprovals } from '../../../src/activities/runs/approvals.js';
import { createCancelClosed } from '../../../src/activities/runs/cancel-closed.js';
import { createPullRequestRuns } from '../../../src/activities/runs/pull-request-runs.js';
import type { HookyardEvent } from '../../../src/events/event.js';
import { WAITS_MEMO } from '../../../src/runs/names.js';
import { toPairs } from '../../../src/runs/search-attributes.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { aClaim, aStart, inLane } from '../../store/a-claim.js';
import { activity } from '../../support/harness/activity.js';
import { keepLog } from '../../support/harness/log.js';
import { tempFolder } from '../../support/temp-folder.js';
import { testClient, unique } from '../../support/temporal.js';
import { pullRequestEvent, pushEvent } from '../../triggers/sample-events.js';

const HOUR_MS = 3_600_000;

let client: Awaited<ReturnType<typeof testClient>>;
let store: Store;
beforeEach(async () => {
  client = await testClient();
  store = await openSqliteStore({ path: join(await tempFolder('waiting-runs'), 'store.db') });
  await store.inbox.accept(inLane('holder'));
  await store.inbox.claim({ limit: 1, leaseMs: 60_000 });
});
afterEach(async () => {
  await store.close();
  await client.close();
});

const run = <I, O>(fn: (input: I) => Promise<O>, input: I) =>
  activity({ taskQueue: unique('waiting-runs'), workflowType: 'hookyardCommands' }, client).run(fn, input);
/** Lets a run wait in the lane; the last of it is its automation `ci`. */
const waits = async (key: string, event: HookyardEvent) => {
  await store.inbox.accept(inLane(key, {}, { source: event.source, events: [event] }));
};
/** Lets the run of an event that waits already wait once more, since somebody has asked for that at a time (Unix ms). */
const waitsAgain = (key: string, event: HookyardEvent, [workflowId, at]: [string, number]) => {
  const { id: deliveryId } = inLane(key, {}, { source: event.source });
  const start = { ...aStart(workflowId), how: { again: new Date(at).toISOString() } };
  return store.inbox.startAgain({ deliveryId, starts: [start] });
};
const standing = async (...keys: string[]) => {
  const all = await Promise.all(keys.map((key) => store.inbox.findStart(key)));
  return all.map((start) => start?.because ?? start?.state);
};
const pull = (number: number, change: object = {}) => pullRequestEvent(change, { number });
const repository = pull(7).repository.fullName;
const about = { source: pull(7).source, repository, number: 7 };

test('a command finds, cancels and moves what waits to begin for its pull request, and nothing else', async () => {
  await waits('other', pull(8));
  await waits('one', pull(7));
  await waits('two', pull(7));
  await waits('push', pushEvent());
  const { findRuns, cancelRuns, moveAhead } = createPullRequestRuns({ store });
  expect(await run(findRuns, about)).toEqual({
    runs: [
      { automation: 'ci', workflowId: 'two', open: true },
      { automation: 'ci', workflowId: 'one', open: true },
    ],
  });
  const { sha } = pull(7).commit;
  expect((await run(findRuns, { ...about, sha })).runs).toHaveLength(2);
  expect((await run(findRuns, { ...about, sha: 'c'.repeat(40) })).runs).toEqual([]);
  expect(await run(moveAhead, { ...about, by: 'ada' })).toEqual({ moved: ['two', 'one'] });
  const [lane] = await store.lanes.list({ limit: 1 });
  expect(lane?.entries.map(({ workflowId }) => workflowId)).toEqual(['holder', 'one', 'two', 'other', 'push']);
  expect(lane?.entries[1]).toMatchObject({ movedBy: 'ada', moveReason: '/next in #7' });
  expect(await run(cancelRuns, { ...about, automation: 'lint', by: 'ada' })).toEqual({ cancelled: [] });
  expect(await run(cancelRuns, { ...about, by: 'ada' })).toEqual({ cancelled: ['ci', 'ci'] });
  const because = 'cancelled by ada through /cancel';
  expect(await standing('one', 'two', 'other', 'push')).toEqual([because, because, 'waiting', 'waiting']);
});

test('what waits within Temporal is moved ahead in the order in which it waits', async () => {
  const taskQueue = unique('waiting-runs');
  const ids = [unique('one'), unique('two')];
  for (const workflowId of ids) {
    await client.workflow.start('ci', {
      ...{ workflowId, taskQueue },
      typedSearchAttributes: toPairs({
        ...{ HookyardSource: about.source, HookyardRepository: repository, HookyardPullRequest: 7 },
      }),
    });
    await store.lanes.enter({ workflowId, automation: 'ci', claim: aClaim() });
  }
  await expect
    .poll(async () => (await client.workflow.count(`TaskQueue = '${taskQueue}'`)).count, { timeout: 10_000 })
    .toBe(2);
  const { moveAhead } = createPullRequestRuns({ store });
  await activity({ taskQueue, workflowType: 'hookyardCommands' }, client).run(moveAhead, { ...about, by: 'ada' });
  const [lane] = await store.lanes.list({ limit: 1 });
  expect(lane?.entries.map(({ workflowId }) => workflowId)).toEqual(['holder', ...ids]);
});

test('a command knows the runs of its pull request by the id of its repository, whatever that was called then', async () => {
  const taskQueue = unique('waiting-runs');
  const of = (fullName: string, id: string) => pull(7, { repository: { ...pull(7).repository, fullName, id } });
  const began = async (fullName: string, id: string) => {
    const workflowId = unique(`run-${id}`);
    await client.workflow.start('ci', {
      ...{ workflowId, taskQueue, args: [of(fullName, id)] },
      typedSearchAttributes: toPairs({
        ...{ HookyardSource: about.source, HookyardRepository: fullName, HookyardPullRequest: 7 },
      }),
    });
    return workflowId;
  };
  const before = await began('acme/before', '7');
  const after = await began('acme/after', '7');
  // Started again, by what was told under the name before.
  const again = await began('acme/before', '7');
  // One had the name before, and another has the old one now.
  const others = [await began('acme/after', '8'), await began('acme/before', '9')];
  await waits('of another', of('acme/after', '8'));
  await waits('waits', of('acme/before', '7'));
  await expect
    .poll(async () => (await client.workflow.count(`TaskQueue = '${taskQueue}'`)).count, { timeout: 10_000 })
    .toBe(5);
  const { findRuns, cancelRuns, moveAhead } = createPullRequestRuns({ store });
  const now = { ...about, repository: 'acme/after', repositoryId: '7' };
  const as = activity({ taskQueue, workflowType: 'hookyardCommands' }, client);
  const { runs } = await as.run(findRuns, now);
  expect(runs.map(({ workflowId }) => workflowId)).toEqual(['waits', again, after, before]);
  expect(await as.run(moveAhead, { ...now, by: 'ada' })).toEqual({ moved: ['waits'] });
  expect(await as.run(cancelRuns, { ...now, by: 'ada' })).toEqual({ cancelled: ['ci', 'ci', 'ci', 'ci'] });
  const isCancelled = async (workflowId: string) => {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    return events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes);
  };
  expect(await Promise.all([before, after, again].map(isCancelled))).toEqual([true, true, true]);
  expect(await Promise.all(others.map(isCancelled))).toEqual([false, false]);
  expect(await standing('of another')).toEqual(['waiting']);
});

test('what waits for approval is found after its repository was renamed, and what waits in another one is not', async () => {
  const taskQueue = unique('waiting-runs');
  const since = '2026-01-01T00:00:00.000Z';
  const began = async (name: string, repositoryId: string) => {
    const workflowId = unique(name.replace('/', '-'));
    await client.workflow.start('ci', {
      ...{ workflowId, taskQueue },
      memo: { [WAITS_MEMO]: { sha: 'a'.repeat(40), since, received: since, repositoryId } },
      typedSearchAttributes: toPairs({
        ...{ HookyardSource: about.source, HookyardRepository: name, HookyardPullRequest: 7 },
      }),
    });
    return workflowId;
  };
  const own = await began('acme/before', '7');
  await began('acme/other', '8');
  await expect
    .poll(async () => (await client.workflow.count(`TaskQueue = '${taskQueue}'`)).count, { timeout: 10_000 })
    .toBe(2);
  const { approveRuns, closeApprovals } = createApprovals({ store, log: keepLog().log });
  const now = { ...about, repository: 'acme/after', repositoryId: '7' };
  const as = activity({ taskQueue, workflowType: 'hookyardCommands' }, client);
  const writtenAt = '2026-01-01T01:00:00.000Z';
  expect(await as.run(approveRuns, { ...now, writtenAt, by: 'ada' })).toMatchObject({ answer: 'approved' });
  expect(await as.run(closeApprovals, { ...now, closedAt: writtenAt })).toEqual({ withdrawn: 1 });
  const { events } = await client.workflow.getHandle(own).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(2);
});

test('what waits for a pull request that is closed never begins, but for what is newer, or meant to run then', async () => {
  const closedAt = '2026-11-24T09:00:00Z';
  const at = (updatedAt: string, change: object = {}) => pullRequestEvent(change, { number: 7, updatedAt });
  const opened = at('2026-11-24T08:00:00Z');
  await waits('opened', opened);
  await waitsAgain('opened', opened, ['asked for before', 0]);
  await waitsAgain('opened', opened, ['asked for since', 2 * HOUR_MS]);
  await waits('teardown', at(closedAt, { action: 'closed' }));
  await waits('labeled', at(closedAt, { action: 'labeled', deliveryId: 'closing' }));
  await waits('reopened', at('2026-11-24T09:00:01Z', { action: 'reopened' }));
  await waits('reopened at once', at(closedAt, { action: 'reopened' }));
  await waits('elsewhere', at('2026-11-24T08:00:00Z', { repository: { ...pull(7).repository, id: '99' } }));
  await waits('push', pushEvent());
  const { cancelClosed } = createCancelClosed({ store, log: keepLog().log });
  const closing: CancelClosedInput = {
    ...{ source: about.source, repository, repositoryId: pull(7).repository.id, what: { pullRequest: 7 } },
    ...{ deliveryId: 'closing', closedAt, receivedAt: new Date(HOUR_MS).toISOString(), automations: ['ci'] },
  };
  expect(await run(cancelClosed, { ...closing, automations: ['lint'] })).toMatchObject({ cancelled: [] });
  expect(await run(cancelClosed, closing)).toEqual({ cancelled: ['opened', 'asked for before'], isEarly: false });
  expect(await run(cancelClosed, closing)).toMatchObject({ cancelled: [] });
  const because = 'cancelled: the pull request was closed';
  expect(await standing('opened', 'asked for before')).toEqual([because, because]);
  const stay = ['asked for since', 'teardown', 'labeled', 'reopened', 'reopened at once', 'elsewhere', 'push'];
  expect(await standing(...stay)).toEqual(stay.map(() => 'waiting'));
  // What arrived before it is not handed over yet: it has to look again.
  const later = { ...closing, receivedAt: new Date(Date.now() + 60_000).toISOString() };
  expect(await run(cancelClosed, later)).toMatchObject({ isEarly: true });
});

test('what waits for pushes to a branch that is deleted never begins, and nothing of other branches', async () => {
  const receivedAt = '2026-11-24T08:00:00.000Z';
  await waits('gone', pushEvent({ branch: 'gone', receivedAt }));
  await waits('later', pushEvent({ branch: 'gone', receivedAt: '2026-11-24T10:00:00.000Z' }));
  const made = (key: string, at: string, sha: string) =>
    waits(key, pushEvent({ branch: 'gone', created: true, receivedAt: at, commit: { sha } }));
  await made('made at first', '2026-11-24T08:50:00.000Z', 'd'.repeat(40));
  await made('made, and deleted at once', '2026-11-24T08:59:59.000Z', 'e'.repeat(40));
  await made('made again', '2026-11-24T08:59:59.000Z', 'f'.repeat(40));
  await waits('stays', pushEvent({ receivedAt }));
  await waits('pull', pullRequestEvent({ receivedAt }, { head: { ref: 'gone', sha: 'a'.repeat(40) } }));
  const { cancelClosed } = createCancelClosed({ store, log: keepLog().log });
  const deleted: CancelClosedInput = {
    ...{
      source: about.source,
      repository,
      repositoryId: pull(7).repository.id,
      what: { branch: 'gone', before: 'e'.repeat(40) },
    },
    ...{ deliveryId: 'deletion', closedAt: '2026-11-24T09:00:00Z', receivedAt, automations: ['ci'] },
  };
  expect(await run(cancelClosed, deleted)).toMatchObject({
    cancelled: ['gone', 'made at first', 'made, and deleted at once'],
  });
  expect(await standing('gone', 'later', 'made again', 'stays', 'pull')).toEqual([
    'cancelled: the branch was deleted',
    ...Array.from({ length: 4 }, () => 'waiting'),
  ]);
});
