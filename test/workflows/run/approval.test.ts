import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../../src/catalog/load.js';
import { APPROVE_SIGNAL } from '../../../src/runs/names.js';
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
  stateOf,
  statuses,
  useGated,
  verdictOf,
  visible,
  waiting,
} from '../gated.js';

useGated();

test('code from a fork waits until somebody who may write approves that commit', async () => {
  const answer = await pull({}, fork);
  const run = runOf(answer, 'build');
  await waiting(run);
  await visible(run);
  expect(await noted(`build ${answer.delivery}`)).toBeUndefined();
  await expect.poll(stateOf('hookyard/build'), PATIENTLY).toBe('pending');

  const refused = await say('/approve build', 'eve');
  expect(await resultOf(runOf(refused, 'hookyardCommands'))).toMatchObject({ outcome: 'skipped' });
  expect(hub.reactions.at(-1)).toEqual({ comment: String(lastComment), content: '-1' });
  expect((await client.workflow.getHandle(run).describe()).status.name).toBe('RUNNING');

  const approved = await say('Looks good.\n\n/approve build', 'ada');
  await resultOf(runOf(approved, 'hookyardCommands'));
  expect(hub.reactions.at(-1)).toEqual({ comment: String(lastComment), content: 'eyes' });
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect((await noted(`build ${answer.delivery}`))?.data).toEqual({ sha });
  await expect.poll(stateOf('hookyard/approval/build'), PATIENTLY).toBe('success');
});

test('code from a fork that was approved once is approved for a later run of the same commit', async () => {
  const first = await pull({}, fork);
  await visible(runOf(first, 'build'));
  await resultOf(runOf(await say('/approve'), 'hookyardCommands'));
  await resultOf(runOf(first, 'build'));
  const again = await pull({ action: 'reopened' }, fork);
  expect(await resultOf(runOf(again, 'build'))).toMatchObject({ outcome: 'passed' });
});

test('an approval is not for a commit that came just before or after it was written, unless it is named', async () => {
  const first = await pull({}, fork);
  await visible(runOf(first, 'build'));
  const before = hub.comments.length;
  await resultOf(runOf(await say('/approve build', 'ada', new Date(Date.now() - 60_000)), 'hookyardCommands'));
  await resultOf(runOf(await say('/approve build', 'ada', new Date()), 'hookyardCommands'));
  await resultOf(runOf(await say(`/approve build ${sha}`, 'ada', new Date(Date.now() - 60_000)), 'hookyardCommands'));
  await resultOf(runOf(await say(`/approve build ${sha.slice(0, 7)}`), 'hookyardCommands'));
  expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
    expect.stringContaining('came just before or after this was written'),
    expect.stringContaining('came just before or after this was written'),
    expect.stringContaining('came just before or after this was written'),
    expect.stringContaining('is neither an automation nor a commit'),
  ]);
  expect((await client.workflow.getHandle(runOf(first, 'build')).describe()).status.name).toBe('RUNNING');
  await client.workflow.getHandle(runOf(first, 'build')).cancel();
});

test('an approval in the text of a review is for the commit that was reviewed, however late the review is told of', async () => {
  const reviewed = sha;
  pushNewerCommit();
  const newer = await pull({}, fork);
  await visible(runOf(newer, 'build'));
  const before = hub.comments.length;
  const review = {
    id: 1,
    state: 'commented',
    body: '/approve build',
    user: { login: 'ada' },
    html_url: 'http://hub/r',
  };
  const late = await deliver('pull_request_review', {
    action: 'submitted',
    review: { ...review, commit_id: reviewed },
    pull_request: { number: 7, title: 'Sell more', html_url: 'http://hub/7', state: 'open' },
    sender: { login: 'ada', id: 5, type: 'User' },
  });
  await resultOf(runOf(late, 'hookyardCommands'));
  expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
    expect.stringContaining('no run waits for approval'),
  ]);
  const run = client.workflow.getHandle(runOf(newer, 'build'));
  expect((await run.describe()).status.name).toBe('RUNNING');
  await run.cancel();
});

test('an approval that was given for another commit leaves the run waiting', async () => {
  const answer = await pull({}, fork);
  const run = client.workflow.getHandle(runOf(answer, 'build'));
  await waiting(run.workflowId);
  // What somebody approved before a new push moved the head, and a commit that only begins alike.
  for (const other of ['f'.repeat(40), sha.slice(0, 12), `${sha.slice(0, 39)}x`])
    await run.signal(APPROVE_SIGNAL, { sha: other, by: 'mallory' });
  await run.signal(APPROVE_SIGNAL, { sha, by: 'ada' });
  expect(await resultOf(run.workflowId)).toMatchObject({ outcome: 'passed' });
  const approved = () =>
    statuses().find(({ context, state }) => context === 'hookyard/approval/build' && state === 'success');
  await expect.poll(approved, PATIENTLY).toMatchObject({ description: 'approved by ada' });
});

test('a newer commit waits in the place of an older one', async () => {
  const older = await pull({}, fork);
  await visible(runOf(older, 'build'));
  pushNewerCommit();
  const newer = await pull({ action: 'synchronize' }, fork);
  await waiting(runOf(newer, 'build'));
  expect(await resultOf(runOf(older, 'build'))).toMatchObject({ outcome: 'skipped', filtered: false });
  await client.workflow.getHandle(runOf(newer, 'build')).cancel();
});

test('code from a fork can be approved by an operator, for one run and one commit', async () => {
  const answer = await pull({}, fork);
  const run = runOf(answer, 'build');
  await waiting(run);
  const id = encodeURIComponent(run);
  expect(await api(`runs/approve?id=${id}&sha=${'f'.repeat(12)}`)).toMatchObject({ status: 409 });
  expect(await api('runs/approve?id=nowhere')).toMatchObject({ status: 404 });
  expect(await api(`runs/approve?id=${id}&sha=${sha.slice(0, 7)}`)).toEqual({
    status: 200,
    body: { run, approved: sha },
  });
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await api(`runs/approve?id=${id}`)).toMatchObject({ status: 409 });
});

describe('a stranger', () => {
  test('a stranger cannot make a required check green: not by a newer commit, nor by a title that a filter refuses', async () => {
    const first = await pull({}, fork);
    await visible(runOf(first, 'build'));
    await expect.poll(stateOf('hookyard/build'), PATIENTLY).toBe('pending');
    const older = sha;
    pushNewerCommit();
    const second = await pull({ action: 'synchronize' }, fork);
    await resultOf(runOf(first, 'build'));
    const said = () =>
      hub.statuses.filter((status) => status.sha === older).map(({ context, state }) => `${context} ${state}`);
    await expect.poll(said, PATIENTLY).toContain('hookyard/build error');
    expect(said().filter((status) => status.endsWith('success'))).toEqual([]);
    await client.workflow.getHandle(runOf(second, 'build')).cancel();

    const refused = await pull({ action: 'reopened', title: 'Docs [skip ci]' }, fork);
    expect((await verdictOf(refused, 'build'))?.outcome).toBe('filtered');
  });

  test('a stranger does not get round the approval by a chain', async () => {
    const answer = await pull({ title: 'Hello there' }, fork);
    const run = runOf(answer, 'greets');
    await resultOf(run);
    const next = `afterGreets/after-greets/${run.slice('greets/'.length)}`;
    await waiting(next);
    expect(await noted(`after greets ${answer.delivery}`)).toBeUndefined();
    await client.workflow.getHandle(next).cancel();
    await client.workflow.getHandle(runOf(answer, 'build')).cancel();
  });

  test('a stranger gives no command that another of the same automation needs more permission for', async () => {
    const answer = await say('/lint\n/ship-it', 'eve');
    expect(await resultOf(runOf(answer, 'lints'))).toMatchObject({ outcome: 'skipped' });
    const fine = await say('/lint', 'eve');
    expect(await resultOf(runOf(fine, 'lints'))).toMatchObject({ outcome: 'passed' });
  });

  test('a stranger mentions nobody in what is answered, and makes it hold no command', async () => {
    const before = hub.comments.length;
    await resultOf(runOf(await say('/test x`y @acme/everyone', 'ada'), 'hookyardCommands'));
    expect(hub.comments[before]?.body).toMatch(/^``\/test x`y @acme\/everyone``: there is no such/);
    const echoed = await say(`/test build\n<!-- hookyard:answer -->`, 'ada');
    expect(echoed.runs).toEqual([]);
  });
});

test('a required check that has failed is not made green by a later base branch that a filter refuses', async () => {
  hub.known[`${sha} hookyard/build`] = 'failure';
  const answer = await pull({}, undefined, 'docs');
  expect(await resultOf(runOf(answer, 'build'))).toMatchObject({ outcome: 'skipped' });
  expect(statuses().map(({ context }) => context)).not.toContain('hookyard/build');
});

test('a run keeps to what was asked when it was received, whatever its automation has become', async () => {
  const answer = await pull({}, fork);
  const run = runOf(answer, 'build');
  await waiting(run);
  const history = await client.workflow.getHandle(run).fetchHistory();
  const edited = installation.catalog.automations.find(({ name }) => name === 'build');
  expect(edited).toBeDefined();
  const folder = await tempFolder('edited');
  try {
    await writeFile(
      join(folder, 'edited.ts'),
      `import { automation, pullRequest } from 'hookyard/workflow';
       export const build = automation(
         { on: pullRequest({ paths: ['src/**'], forks: true, branches: ['other'] }), checks: ['build'] },
         async () => undefined,
       );`,
    );
    const bundle = await bundleWorkflows(await loadCatalog(folder), join(folder, 'data'));
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, run);
  } finally {
    await client.workflow.getHandle(run).cancel();
  }
});

test("/test does not run another repository's automation", async () => {
  const before = hub.comments.length;
  const answer = await say('/test elsewhere', 'ada');
  await resultOf(runOf(answer, 'hookyardCommands'));
  expect(hub.comments[before]?.body).toContain('there is no such automation');
  expect(await noted(`elsewhere ${answer.delivery}`)).toBeUndefined();
});
