import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { loadCatalog } from '../../../src/catalog/load.js';
import { bundleWorkflows } from '../../../src/worker/bundle.js';
import { tempFolder } from '../../support/temp-folder.js';
import {
  api,
  client,
  deliver,
  fork,
  hub,
  installation,
  lastComment,
  noted,
  PATIENTLY,
  pull,
  pushNewerCommit,
  resultOf,
  runOf,
  say,
  sha,
  useGated,
  visible,
  waiting,
} from '../gated.js';

useGated();

const heard = async ({ delivery }: { delivery: string }) => (await noted(`heard ${delivery}`))?.data;
const openWaits = async (workflowId: string) => installation.store.waits.list({ limit: 10, workflowId });
const waits = (run: string) => expect.poll(async () => (await openWaits(run)).length, PATIENTLY).toBe(1);
const describeRun = (run: string) => client.workflow.getHandle(run).describe();
const isCancelled = (run: string) =>
  expect.poll(async () => (await describeRun(run)).status.name, PATIENTLY).toBe('CANCELLED');
/** Waits until the last comment was refused. */
const refused = () => {
  const reaction = { comment: String(lastComment), content: '-1' };
  return expect.poll(() => hub.reactions.at(-1), PATIENTLY).toEqual(reaction);
};
const branchPushed = (branch: string) =>
  deliver('push', {
    ...{ ref: `refs/heads/${branch}`, before: 'a'.repeat(40), after: 'c'.repeat(40), created: false, deleted: false },
    ...{ forced: false, commits: [], head_commit: null, sender: { login: 'ada', id: 7, type: 'User' } },
  });

test('a run gets what comes about its pull request, in order, also what came before it began to wait', async () => {
  const answer = await pull({ title: 'Listens' });
  const run = runOf(answer, 'listens');
  await say('first');
  await branchPushed('more');
  await branchPushed('another');
  await waits(run);
  await expect.poll(() => heard(answer), PATIENTLY).toEqual(['first', `push ${'c'.repeat(40)}`]);
  const said = await say('enough');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await heard(answer)).toEqual(['first', `push ${'c'.repeat(40)}`, 'enough']);
  expect(await openWaits(run)).toEqual([]);
  expect((await installation.store.inbox.find(said.delivery))?.given).toMatchObject([
    { workflowId: run, title: 'a comment or a change of a pull request or a push about #7' },
  ]);
});

test('a run that waits says so, and until when', async () => {
  const run = runOf(await pull({ title: 'Either' }), 'waitsForOne');
  await expect
    .poll(async () => (await openWaits(run)).map(({ title }) => title), PATIENTLY)
    .toEqual(['a review about #7', 'a comment about #7']);
  const details = async () => (await client.workflow.getHandle(run).describe()).searchAttributes.HookyardWaiting;
  await expect.poll(details, PATIENTLY).toEqual(['event']);
  await say('one of the two');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await openWaits(run)).toEqual([]);
  expect(await details()).toEqual(['nothing']);
});

test("a stranger's command is passed over, and the run goes on waiting for one who may", async () => {
  const answer = await pull({ title: 'Shortly, and for longer' });
  const run = runOf(answer, 'waitsShortly');
  await waits(run);
  await say('/ship', 'eve');
  await refused();
  await say('/ship', 'root');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect((await noted(`shipped ${answer.delivery}`))?.data).toEqual({ by: 'root' });
});

test("a stranger's /shrug is passed over without a reaction where no trigger names commands", async () => {
  const answer = await pull({ title: 'Listens' });
  const run = runOf(answer, 'listens');
  await waits(run);
  const before = hub.reactions.length;
  await say('/shrug', 'eve');
  await say('enough');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await heard(answer)).toEqual(['enough']);
  expect(hub.reactions.slice(before)).toEqual([]);
});

test('the time is up: the run goes on with nothing, and what comes later is nobody’s', async () => {
  const answer = await pull({ title: 'Shortly' });
  const run = runOf(answer, 'waitsShortly');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect((await noted(`shipped ${answer.delivery}`))?.data).toEqual({ by: 'nobody' });
  const late = await say('/ship', 'root');
  expect(await installation.store.waits.toLookAt({ limit: 10 })).toEqual([]);
  expect(await installation.store.inbox.find(late.delivery)).not.toHaveProperty('given');
});

test('new code from a fork reaches a run that waits only once somebody has approved it', async () => {
  const answer = await pull({ title: 'Listens' }, fork);
  const run = runOf(answer, 'listens');
  await waits(run);
  pushNewerCommit();
  hub.head = { sha, repository: 'eve/app' };
  await pull({ action: 'synchronize', title: 'Of a stranger' }, fork);
  await visible(run);
  expect(await heard(answer)).toBeUndefined();
  await resultOf(runOf(await say(`/approve listens ${sha}`), 'hookyardCommands'));
  await expect.poll(() => heard(answer), PATIENTLY).toEqual([`pull_request ${sha}`, `/approve listens ${sha}`]);
  await say('enough');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
});

test('an approval counts for nothing once the fork has pushed again: the newer commit has to be approved', async () => {
  const answer = await pull({ title: 'Listens' }, fork);
  const run = runOf(answer, 'listens');
  await waits(run);
  pushNewerCommit();
  const older = sha;
  await pull({ action: 'synchronize', title: 'Of a stranger' }, fork);
  await visible(run);
  const newer = older.replace(/^./, (digit) => (digit === 'c' ? 'd' : 'c'));
  hub.head = { sha: newer, repository: 'eve/app' };
  await resultOf(runOf(await say(`/approve listens ${older}`), 'hookyardCommands'));
  await say('enough');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await heard(answer)).toEqual([`/approve listens ${older}`, 'enough']);
});

test('new code that nobody approves in time never reaches the run, which waits for no approval any more', async () => {
  const answer = await pull({ title: 'Code' });
  const run = runOf(answer, 'waitsForCode');
  await expect.poll(() => openWaits(run), PATIENTLY).toHaveLength(2);
  pushNewerCommit();
  await pull({ action: 'synchronize', title: 'Of a stranger' }, fork);
  await waiting(run);
  const got = async () => (await noted(`code ${answer.delivery}`))?.data;
  await expect.poll(got, PATIENTLY).toEqual({ got: ['none', 'none'] });
  const says = async () => {
    const { memo, searchAttributes } = await describeRun(run);
    return [memo?.waitsForApproval ?? null, searchAttributes.HookyardWaiting];
  };
  await expect.poll(says, PATIENTLY).toEqual([null, ['nothing']]);
  await client.workflow.getHandle(run).cancel();
});

test('one approval has a run begin with the commit, and both waits of another go on that were given it', async () => {
  const answer = await pull({ title: 'Code for long' });
  const run = runOf(answer, 'waitsForCode');
  await expect.poll(() => openWaits(run), PATIENTLY).toHaveLength(2);
  pushNewerCommit();
  hub.head = { sha, repository: 'eve/app' };
  const pushed = () => pull({ action: 'synchronize', title: 'Code for long' }, fork);
  await pushed();
  const newest = runOf(await pushed(), 'waitsForCode');
  await expect.poll(() => openWaits(run), PATIENTLY).toHaveLength(0);
  for (const each of [run, newest]) await visible(each);
  await resultOf(runOf(await say(`/approve waitsForCode ${sha}`), 'hookyardCommands'));
  const got = async () => (await noted(`code ${answer.delivery}`))?.data;
  await expect.poll(got, PATIENTLY).toEqual({ got: [sha, sha] });
  await expect.poll(async () => (await noted(`begun ${sha}`)) !== undefined, PATIENTLY).toBe(true);
  for (const each of [run, newest]) await client.workflow.getHandle(each).cancel();
});

test('an open run goes on, however its author takes endOn away or adds it', async () => {
  const code = (endOn: string) => `import { condition } from '@temporalio/workflow';
    import { automation, pullRequest, sync } from 'hookyard/workflow';
    const on = pullRequest({ titles: ['Ends**'] });
    export const endsWhenClosed = automation({ on${endOn} }, async (event) => {
      await sync.upsert('notes', 'begun ' + event.deliveryId, {}, { version: 1 });
      await condition(() => false);
    });`;
  const replays = async (endOn: string, history: History) => {
    const folder = await tempFolder('end-on');
    await writeFile(join(folder, 'ends.ts'), code(endOn));
    const workflowBundle = await bundleWorkflows(await loadCatalog(folder), join(folder, 'data'));
    await Worker.runReplayHistory({ workflowBundle }, history, 'endsWhenClosed/x');
  };
  const answer = await pull({ title: 'Ends' });
  const run = runOf(answer, 'endsWhenClosed');
  await expect.poll(async () => (await noted(`begun ${answer.delivery}`)) !== undefined, PATIENTLY).toBe(true);
  await client.workflow.getHandle(run).cancel();
  await isCancelled(run);
  await replays('', await client.workflow.getHandle(run).fetchHistory());

  const without = await pull({ title: 'Begins without it' });
  const other = runOf(without, 'endsNever');
  await expect.poll(async () => (await noted(`begun ${without.delivery}`)) !== undefined, PATIENTLY).toBe(true);
  const history = await client.workflow.getHandle(other).fetchHistory();
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (started?.workflowType) started.workflowType.name = 'endsWhenClosed';
  await replays(", endOn: pullRequest({ actions: ['closed'] })", history);
  await client.workflow.getHandle(other).cancel();
});

test('what could never come is refused, with what to do', async () => {
  const run = runOf(await branchPushed('in-vain'), 'waitsInVain');
  await expect(resultOf(run)).rejects.toMatchObject({
    cause: {
      type: 'TriggerError',
      message: 'waitFor(): a comment does not say its branch: give "of" an event of a pull request, or a "key"',
    },
  });
});

test('the pull request is closed: the run is cancelled, and says by what', async () => {
  const answer = await pull({ title: 'Ends' });
  const run = runOf(answer, 'endsWhenClosed');
  await expect.poll(async () => (await noted(`begun ${answer.delivery}`)) !== undefined, PATIENTLY).toBe(true);
  const closed = await pull({ action: 'closed', title: 'Ends' });
  await isCancelled(run);
  const { memo, searchAttributes } = await describeRun(run);
  expect(memo).toMatchObject({
    cancelledBecause: expect.stringMatching(/^ended by pull request #7 of acme\/app closed/),
  });
  expect(searchAttributes.HookyardOutcome).toEqual(['cancelled']);
  expect(await openWaits(run)).toEqual([]);
  expect((await installation.store.inbox.find(closed.delivery))?.given).toMatchObject([
    { workflowId: run, ends: true },
  ]);
});

test('a run that is started again waits for what comes from then on: what has ended or told the first one is past', async () => {
  const again = async ({ delivery }: { delivery: string }, automation: string) =>
    String((await api(`deliveries/${delivery}/replay?automation=${automation}`)).body.runs);
  const listens = await pull({ title: 'Listens' });
  await say('enough');
  await resultOf(runOf(listens, 'listens'));
  const ends = await pull({ title: 'Ends' });
  await waits(runOf(ends, 'endsWhenClosed'));
  const closed = await pull({ action: 'closed', title: 'Ends' });
  await isCancelled(runOf(ends, 'endsWhenClosed'));

  const [endsAgain, listensAgain] = [await again(ends, 'endsWhenClosed'), await again(listens, 'listens')];
  for (const run of [endsAgain, listensAgain]) await waits(run);
  // What cancels the runs of a pull request that was closed has looked for the last time.
  await resultOf(runOf(closed, 'hookyardClosed'));
  for (const run of [endsAgain, listensAgain]) expect((await describeRun(run)).status.name).toBe('RUNNING');
  await say('enough');
  expect(await resultOf(listensAgain)).toMatchObject({ outcome: 'passed' });
  await pull({ action: 'closed', title: 'Ends' });
  await isCancelled(endsAgain);
});

test("a stranger's command does not end a run", async () => {
  const run = runOf(await pull({ title: 'Ends' }), 'endsWhenClosed');
  await waits(run);
  await say('/stop', 'eve');
  await refused();
  expect((await describeRun(run)).status.name).toBe('RUNNING');
  await say('/stop', 'ada');
  await isCancelled(run);
});
