import { expect, test } from 'vitest';
import {
  client,
  deliver,
  fork,
  hub,
  noted,
  pull,
  resultOf,
  runOf,
  say,
  sha,
  stateOf,
  useGated,
  visible,
} from '../gated.js';

useGated();

test("an automation's own command runs for whoever may give it, and keeps one comment", async () => {
  const before = hub.comments.length;
  const refused = await say('/deploy staging', 'ada');
  expect(await resultOf(runOf(refused, 'deploy'))).toMatchObject({
    outcome: 'skipped',
    because: '"ada" has write access to acme/app, and needs admin',
  });
  const first = await say('please\n/deploy staging now\n```\n/deploy production\n```\n> /deploy quoted', 'root');
  expect(await resultOf(runOf(first, 'deploy'))).toMatchObject({ outcome: 'passed' });
  expect((await noted(`deploy ${first.delivery}`))?.data).toEqual([{ name: 'deploy', args: ['staging', 'now'] }]);
  const second = await say('/deploy staging', 'root');
  expect(await resultOf(runOf(second, 'deploy'))).toMatchObject({ outcome: 'passed' });
  expect(hub.comments.slice(before).map(({ body }) => body)).toEqual(['deployed for root\n\n<!-- hookyard:deploy -->']);
});

test('/test starts a named automation on the pull request as it is now', async () => {
  const answer = await say('/test build', 'ada');
  const run = runOf(answer, 'hookyardCommands');
  await resultOf(run);
  const again = run.replace('hookyardCommands', 'build');
  expect(await resultOf(`${again}/test`)).toMatchObject({ outcome: 'passed' });
  expect((await noted(`build ${answer.delivery}`))?.data).toEqual({ sha });
});

test('/test without a known name is answered with the names', async () => {
  const before = hub.comments.length;
  await resultOf(runOf(await say('/test nothing', 'ada'), 'hookyardCommands'));
  const [said = '', ...others] = hub.comments.slice(before).map(({ body }) => body);
  expect(others).toEqual([]);
  const [, names = ''] =
    /^`\/test nothing`: there is no such automation; there are: (.+)\n\n<!-- hookyard:answer -->$/.exec(said) ?? [];
  expect(names.split(', ')).toEqual(expect.arrayContaining(['`build`', '`long`', '`sources`']));
  // It listens to pull requests of another repository, and the last to comments.
  expect(names).not.toMatch(/`elsewhere`|`hookyard/);
});

test('/next says so where nothing waits for its turn', async () => {
  const before = hub.comments.length;
  await resultOf(runOf(await say('/next build', 'ada'), 'hookyardCommands'));
  expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
    expect.stringContaining('`/next build`: no run waits for its turn in a lane'),
  ]);
});

test('/cancel cancels the runs of the pull request, and ends what they have set to pending', async () => {
  const answer = await pull({}, fork);
  await visible(runOf(answer, 'build'));
  await resultOf(runOf(await say('/cancel build', 'ada'), 'hookyardCommands'));
  await expect(resultOf(runOf(answer, 'build'))).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(stateOf('hookyard/approval/build')()).toBe('error');
  expect(stateOf('hookyard/build')()).toBe('error');
});

test('/retest starts what did not pass, and not what did', async () => {
  hub.files = [{ filename: 'src/x.ts', status: 'added' }];
  const answer = await pull();
  await resultOf(runOf(answer, 'build'));
  await resultOf(runOf(answer, 'sources'));
  await expect
    .poll(async () => {
      const query = `HookyardCommit = '${sha}' AND ExecutionStatus = 'Completed'`;
      return (await client.workflow.count(query)).count;
    })
    .toBeGreaterThanOrEqual(2);
  const before = hub.comments.length;
  await resultOf(runOf(await say('/retest', 'ada'), 'hookyardCommands'));
  expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
    expect.stringContaining('`/retest`: nothing has failed'),
  ]);
});

test.each([
  ['of a bot', { sender: { login: 'x[bot]', id: 1, type: 'Bot' } }],
  ['of our own account', { sender: { login: 'hookyard-bot', id: 1, type: 'User' } }],
  ['that was edited in', { action: 'edited', changes: { body: { from: 'x' } } }],
])('no command is taken from a comment %s', async (_, change) => {
  const answer = await deliver('issue_comment', {
    action: 'created',
    issue: { number: 7, title: 't', state: 'open', pull_request: { url: 'x' }, user: { login: 'ada' } },
    comment: {
      id: 1,
      body: '/test build',
      user: { login: 'ada' },
      created_at: '2026-11-24T08:00:00Z',
      html_url: 'x',
    },
    sender: { login: 'ada', id: 7, type: 'User' },
    ...change,
  });
  expect(answer.runs).toEqual([]);
});

test('a command is answered where nobody can be asked who may give it: once, without a word of the configuration', async () => {
  const path = '/repos/acme/app/collaborators/ada/permission';
  hub.forbidden.add(path);
  try {
    const before = hub.comments.length;
    for (const text of ['/test build', '/deploy staging']) {
      const answer = await say(text, 'ada');
      const run = runOf(answer, text.startsWith('/test') ? 'hookyardCommands' : 'deploy');
      await expect(resultOf(run)).rejects.toMatchObject({
        cause: { cause: { message: expect.stringContaining('403') } },
      });
    }
    const said = hub.comments.slice(before).map(({ body }) => body);
    expect(said).toEqual([expect.stringContaining('Hookyard could not ask who may give commands here')]);
    expect(said.join()).not.toContain('sources.');
  } finally {
    hub.forbidden.delete(path);
  }
});

test('a command that the provider keeps from being carried out is answered, and its run fails with the reason', async () => {
  const path = '/repos/acme/app/pulls/7';
  hub.forbidden.add(path);
  try {
    const before = hub.comments.length;
    const run = runOf(await say('/test build', 'ada'), 'hookyardCommands');
    await expect(resultOf(run)).rejects.toMatchObject({
      cause: { cause: { message: expect.stringContaining('403') } },
    });
    expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
      expect.stringContaining('`/test build`: it could not be carried out'),
    ]);
  } finally {
    hub.forbidden.delete(path);
  }
});
