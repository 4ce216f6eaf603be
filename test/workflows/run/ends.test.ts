import { expect, test } from 'vitest';
import { pushPayload } from '../../support/harness/payloads.js';
import {
  type Answer,
  api,
  client,
  deliver,
  fork,
  hub,
  installation,
  noted,
  own,
  PATIENTLY,
  pull,
  resultOf,
  runOf,
  say,
  sha,
  started,
  stateOf,
  statuses,
  useGated,
  visible,
  waiting,
} from '../gated.js';

useGated();

/** Long enough for what sweeps up after runs. */
const SWEPT = { timeout: 40_000 };
const APPROVAL = 'hookyard/approval/build';

/** Returns a question for what a status says at last, to be polled. */
const lastWords = (context: string) => () => {
  const last = statuses().find((status) => status.context === context);
  return last && `${last.state}: ${last.description}`;
};

const end = async (run: string, how: 'cancel' | 'terminate' | 'delete') => {
  const handle = client.workflow.getHandle(run);
  if (how !== 'delete') return handle[how]();
  const { runId } = await handle.describe();
  const workflowExecution = { workflowId: run, runId };
  await client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution });
};

/** Sends an event of a pull request from a fork. */
const tell = (action: string, state: string, change: object) =>
  deliver('pull_request', {
    action,
    number: 7,
    pull_request: {
      ...{ number: 7, title: 'Sell even more', html_url: 'http://hub/acme/app/pull/7', state },
      ...{ draft: false, merged: false, labels: [], user: { login: 'eve', id: 9, type: 'User' } },
      base: { ref: 'main', sha: 'b'.repeat(40), repo: own },
      head: { ref: 'more', sha, repo: fork },
      ...change,
    },
    sender: { login: 'eve', id: 9, type: 'User' },
  });
const openPull = (change: object) => tell('opened', 'open', { updated_at: '2026-11-24T10:00:00Z', ...change });
const closePull = (change: object = {}) => tell('closed', 'closed', { updated_at: '2026-11-24T09:00:00Z', ...change });

test.each<[string, (answer: Answer) => Promise<unknown>, string, string]>([
  [
    'cancelled by a comment',
    () => say('/cancel build'),
    'error: cancelled by ada through /cancel',
    'error: cancelled by ada through /cancel',
  ],
  ['cancelled by hand', (answer) => end(runOf(answer, 'build'), 'cancel'), 'error: cancelled', 'error: cancelled'],
  [
    'terminated',
    (answer) => end(runOf(answer, 'build'), 'terminate'),
    'error: the run was terminated',
    'error: the run was terminated',
  ],
  [
    'deleted',
    (answer) => end(runOf(answer, 'build'), 'delete'),
    'error: the run is gone: it was deleted',
    'error: the run is gone: it was deleted',
  ],
  [
    'closed with its pull request',
    () => closePull(),
    'error: the pull request was closed',
    'error: not approved: the pull request was closed',
  ],
  [
    'merged with its pull request',
    () => closePull({ merged: true }),
    'error: the pull request was closed',
    'error: not approved: the pull request was closed',
  ],
])('the statuses of a run that waits for approval end when it is %s', async (_, how, approval, check) => {
  const answer = await pull({}, fork);
  await visible(runOf(answer, 'build'));
  await expect.poll(stateOf(APPROVAL), PATIENTLY).toBe('pending');
  await expect.poll(stateOf('hookyard/build'), PATIENTLY).toBe('pending');
  await how(answer);
  await expect.poll(lastWords(APPROVAL), SWEPT).toBe(approval);
  await expect.poll(lastWords('hookyard/build'), SWEPT).toBe(check);
});

test('the statuses of a run that timed out end', async () => {
  const answer = await pull({}, fork);
  const run = runOf(answer, 'build');
  await waiting(run);
  const { taskQueue } = await client.workflow.getHandle(run).describe();
  const { events } = await client.workflow.getHandle(run).fetchHistory();
  const args = (events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []).map(({ data }) =>
    JSON.parse(Buffer.from(data ?? []).toString()),
  );
  await end(run, 'cancel');
  await expect.poll(lastWords(APPROVAL), SWEPT).toBe('error: cancelled');
  await client.workflow.start('build', {
    taskQueue,
    workflowId: `${run}/again`,
    args,
    // Time enough to say first that it waits.
    workflowExecutionTimeout: '12 s',
  });
  await expect.poll(stateOf(APPROVAL), PATIENTLY).toBe('pending');
  await expect.poll(lastWords(APPROVAL), SWEPT).toBe('error: the run timed out');
  await expect.poll(lastWords('hookyard/build'), SWEPT).toBe('error: the run timed out');
});

test.each([
  ['passes', 'error: the run passed, and left this pending'],
  ['fails', 'error: the author did not think of this'],
])('a status that an automation set to pending and forgot ends when its run %s', async (how, words) => {
  const answer = await deliver('push', pushPayload({ ref: `refs/heads/forgets/${how}`, after: sha, forced: true }));
  await resultOf(runOf(answer, 'forgets')).catch(() => undefined);
  expect(lastWords('hookyard/forgets/begun')()).toBe(words);
});

test.each(['cancel', 'terminate', 'delete'] as const)(
  'a status that an automation set to pending ends when its run is ended by hand: %s',
  async (how) => {
    const answer = await deliver('push', pushPayload({ ref: 'refs/heads/forgets/waits', after: sha, forced: true }));
    await started(runOf(answer, 'forgets'));
    await expect.poll(stateOf('hookyard/forgets/begun'), PATIENTLY).toBe('pending');
    await end(runOf(answer, 'forgets'), how);
    await expect.poll(stateOf('hookyard/forgets/begun'), SWEPT).toBe('error');
  },
);

test('one approval starts one run of a commit, the newest, and its statuses are not written over', async () => {
  const first = await pull({}, fork);
  await visible(runOf(first, 'build'));
  const second = await pull({ action: 'reopened' }, fork);
  await visible(runOf(second, 'build'));
  expect(await resultOf(runOf(first, 'build'))).toMatchObject({
    outcome: 'skipped',
    because: 'a newer run waits in its place',
  });
  hub.head = { sha, repository: 'eve/app' };
  const third = runOf(await say('/test build'), 'hookyardCommands').replace('hookyardCommands', 'build');
  await visible(`${third}/test`);
  await resultOf(runOf(second, 'build'));

  await resultOf(runOf(await say('/approve build'), 'hookyardCommands'));
  expect(await resultOf(`${third}/test`)).toMatchObject({ outcome: 'passed' });
  expect(await noted(`build ${first.delivery}`)).toBeUndefined();
  expect(await noted(`build ${second.delivery}`)).toBeUndefined();
  await expect.poll(stateOf(APPROVAL), PATIENTLY).toBe('success');
  expect(statuses().filter(({ context, state }) => context === APPROVAL && state === 'error')).toEqual([]);
});

test('a run that began to wait just before it could be found finds what it was not told a moment later', async () => {
  const pulled = await pull({}, fork);
  const run = runOf(pulled, 'build');
  await waiting(run);
  const [, source] = run.split('/');
  // What an approval of another run of this commit leaves, which could not see this one yet.
  const approved = { collection: 'hookyard.approvals', key: `${source}#1#7#${sha}#build`, version: 1 };
  await expect.poll(stateOf(APPROVAL), PATIENTLY).toBe('pending');
  await installation.store.records.upsert({ ...approved, data: { by: 'ada' } });
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  await expect.poll(lastWords(APPROVAL), PATIENTLY).toBe('success: approved by ada');
});

test('a pull request that is closed before its run begins to wait does not wait, and waits once it is opened again', async () => {
  await resultOf(runOf(await closePull(), 'hookyardClosed'));
  const late = await pull({}, fork);
  expect(await resultOf(runOf(late, 'build'))).toMatchObject({ because: 'the pull request was closed' });
  const reopened = await tell('reopened', 'open', { updated_at: '2026-11-24T10:00:00Z' });
  await waiting(runOf(reopened, 'build'));
  await client.workflow.getHandle(runOf(reopened, 'build')).cancel();
});

test('only the waits of a pull request that is closed end', async () => {
  const answer = await pull({}, fork);
  await visible(runOf(answer, 'build'));
  const other = await closePull({ number: 8 });
  await resultOf(runOf(other, 'hookyardClosed'));
  expect((await client.workflow.getHandle(runOf(answer, 'build')).describe()).status.name).toBe('RUNNING');
  await client.workflow.getHandle(runOf(answer, 'build')).cancel();
});

test.each([
  ['of our own', own],
  ['of a fork, which somebody has approved', fork],
])('the runs of a pull request %s that is closed are cancelled, and say why', async (_, repo) => {
  const build = await openPull({ title: 'Long', head: { ref: 'more', sha, repo } });
  const run = runOf(build, 'long');
  if (repo === fork) {
    await waiting(run);
    await api(`runs/approve?id=${encodeURIComponent(run)}`);
  }
  await expect.poll(stateOf('hookyard/long/build'), PATIENTLY).toBe('pending');
  const closed = await closePull({
    title: 'Long',
    head: { ref: 'more', sha, repo },
    updated_at: '2026-11-24T11:00:00Z',
  });
  await expect.poll(lastWords('hookyard/long/build'), PATIENTLY).toBe('error: cancelled: the pull request was closed');
  await expect
    .poll(async () => (await client.workflow.getHandle(run).describe()).status.name, PATIENTLY)
    .toBe('CANCELLED');
  // What the closing starts is meant to run, and so is what says so.
  const stays = client.workflow.getHandle(runOf(build, 'outlives'));
  for (const one of [runOf(build, 'outlives'), runOf(closed, 'tearsDown')]) await started(one);
  await resultOf(runOf(closed, 'hookyardClosed'));
  expect((await stays.describe()).status.name).toBe('RUNNING');
  const afterwards = client.workflow.getHandle(runOf(closed, 'tearsDown'));
  expect((await afterwards.describe()).status.name).toBe('RUNNING');
  await Promise.all([stays.cancel(), afterwards.cancel()]);
});

test('a run that waits for the closing goes on with it', async () => {
  const opened = await openPull({ title: 'Awaited', head: { ref: 'more', sha, repo: own } });
  const run = runOf(opened, 'awaitsClosing');
  await expect
    .poll(async () => (await client.workflow.getHandle(run).describe()).searchAttributes.HookyardWaiting, PATIENTLY)
    .toEqual(['event']);
  const closed = await closePull({
    title: 'Awaited',
    head: { ref: 'more', sha, repo: own },
    updated_at: '2026-11-24T11:00:00Z',
  });
  await resultOf(runOf(closed, 'hookyardClosed'));
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await noted(`awaited ${opened.delivery}`)).toMatchObject({ data: { action: 'closed' } });
});

test('a pull request that is opened again keeps the runs that it has begun since', async () => {
  await openPull({ title: 'Long', head: { ref: 'more', sha, repo: own } });
  const closing = closePull({
    title: 'Long',
    head: { ref: 'more', sha, repo: own },
    updated_at: '2026-11-24T11:00:00Z',
  });
  const closed = await closing;
  const again = await tell('reopened', 'open', {
    ...{ title: 'Long', head: { ref: 'more', sha, repo: own }, updated_at: '2026-11-24T11:00:01Z' },
  });
  await resultOf(runOf(closed, 'hookyardClosed'));
  await started(runOf(again, 'long'));
  const run = client.workflow.getHandle(runOf(again, 'long'));
  expect((await run.describe()).status.name).toBe('RUNNING');
  await run.cancel();
});

test('the runs of a branch that is deleted are cancelled where their automation says so, and no others', async () => {
  const body = pushPayload({ ref: 'refs/heads/gone', after: sha } as never);
  const pushed = await deliver('push', body);
  const [run, other] = ['ofBranch', 'outlives'].map((name) => client.workflow.getHandle(runOf(pushed, name)));
  await expect.poll(stateOf('hookyard/ofBranch/build'), PATIENTLY).toBe('pending');
  await deliver('push', pushPayload({ ref: 'refs/heads/gone', after: '0'.repeat(40), deleted: true } as never));
  await expect.poll(lastWords('hookyard/ofBranch/build'), PATIENTLY).toBe('error: cancelled: the branch was deleted');
  await expect.poll(async () => (await run?.describe())?.status.name, PATIENTLY).toBe('CANCELLED');
  expect((await other?.describe())?.status.name).toBe('RUNNING');
  await other?.cancel();
});

test('what runs because a pull request was closed waits for its approval all the same', async () => {
  const answer = await closePull({ title: 'Tidy up' });
  const run = runOf(answer, 'afterClose');
  await waiting(run);
  await resultOf(runOf(answer, 'hookyardClosed'));
  expect((await client.workflow.getHandle(run).describe()).status.name).toBe('RUNNING');
  await api(`runs/approve?id=${encodeURIComponent(run)}`);
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await noted(`closed ${answer.delivery}`)).toBeDefined();
});

test('a head that is no branch of its repository waits, and is not called one of a fork', async () => {
  const answer = await openPull({ head: { ref: 'refs/pull/7/head', sha, repo: own } });
  const run = runOf(answer, 'build');
  await waiting(run);
  await api(`runs/approve?id=${encodeURIComponent(run)}`);
  const { steps } = (await resultOf(run)) as unknown as { steps: { what: string }[] };
  expect(steps[0]?.what).toBe(`Approval of ${sha} that is no branch of acme/app`);
});

test('an operator ends the wait of one run, and its statuses end as approved', async () => {
  const answer = await pull({}, fork);
  const run = runOf(answer, 'build');
  await waiting(run);
  await api(`runs/approve?id=${encodeURIComponent(run)}`);
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  await expect.poll(lastWords(APPROVAL), PATIENTLY).toBe('success: approved by an operator');
});
