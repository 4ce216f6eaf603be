import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openRepository } from '../../support/harness/repository.js';
import { client, fork, hub, installation, resultOf, runOf, say, useGated, visible } from '../gated.js';

useGated('test/workflows/built-in/retesting');

/** The head of pull request 7: another commit for each test. */
let commit = '';

beforeEach(() => pushCommit({ a: String(Math.random()), slow: 'no' }));

async function pushCommit(files: Record<string, string>) {
  const repository = await openRepository(installation.folder);
  commit = await repository.commit(files, 'more');
  await repository.git('push', '--quiet', '--force', repository.bare, 'HEAD:refs/pull/7/head');
  hub.head = { sha: commit, repository: 'acme/app' };
}

/** Gives a command, and returns the id of the run that it starts of an automation. */
async function command(text: string, automation: string) {
  const run = runOf(await say(text), 'hookyardCommands');
  await resultOf(run);
  return `${run.replace('hookyardCommands', automation)}/${text.slice(1).split(' ')[0]}`;
}

/** Starts the automation `red`, and waits until its run has failed and can be found. */
async function failedRun() {
  const run = await command('/test red', 'red');
  await expect(resultOf(run)).rejects.toThrow();
  const query = `WorkflowId = '${run}' AND ExecutionStatus = 'Failed'`;
  await expect.poll(async () => (await client.workflow.count(query)).count).toBe(1);
  return run;
}

const linesOf = async (workflowId: string) =>
  (await installation.store.logs.read({ workflowId, job: 'build' }, { after: 0, limit: 100 })).map(({ text }) => text);
const isKnown = async (workflowId: string) => {
  const found = client.workflow.getHandle(workflowId).describe();
  return found.then(
    () => true,
    () => false,
  );
};

test('/retest failed goes on with the step that failed, and starts nothing that has not failed', async () => {
  const run = await failedRun();
  const again = await command('/retest failed', 'red');
  expect(await resultOf(again)).toMatchObject({ outcome: 'passed' });
  const lines = await linesOf(again);
  expect(lines).toContain(`goes on in the workspace of ${run}, with step 2 of 2`);
  expect(lines).toContain('made');
  expect(lines).not.toContain('runs first');
  expect(await isKnown(again.replace(/^red/, 'never'))).toBe(false);
});

test('/retest failed of a run whose workspace is not kept any more runs all of it, and its log says so', async () => {
  const run = await failedRun();
  await rm(join(installation.folder, 'snapshots'), { recursive: true });
  const again = await command('/retest Failed', 'red');
  expect(await resultOf(again)).toMatchObject({ outcome: 'passed' });
  const lines = await linesOf(again);
  expect(lines).toContain(`begins with its first step: this worker keeps no workspace of ${run}`);
  expect(lines).toContain('runs first');
});

test('/retest without more runs all steps', async () => {
  await failedRun();
  const again = await command('/retest', 'red');
  expect(await resultOf(again)).toMatchObject({ outcome: 'passed' });
  expect(await linesOf(again)).toContain('runs first');
});

test('/retest failed where nothing has failed says so, and nothing is begun of those who may not write', async () => {
  const before = hub.comments.length;
  await command('/retest failed', 'red');
  expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
    expect.stringContaining('`/retest failed`: nothing has failed'),
  ]);
  await failedRun();
  const refused = runOf(await say('/retest failed', 'eve'), 'hookyardCommands');
  expect(await resultOf(refused)).toMatchObject({ outcome: 'skipped' });
});

test("/retest failed on a fork's pull request goes on only once that commit is approved", async () => {
  hub.head = { sha: commit, repository: fork.full_name };
  const first = await command('/test red', 'red');
  await visible(first, commit);
  await resultOf(runOf(await say('/approve red'), 'hookyardCommands'));
  await expect(resultOf(first)).rejects.toThrow();
  const query = `WorkflowId = '${first}' AND ExecutionStatus = 'Failed'`;
  await expect.poll(async () => (await client.workflow.count(query)).count).toBe(1);
  const again = await command('/retest failed', 'red');
  expect(await resultOf(again)).toMatchObject({ outcome: 'passed' });
  expect(await linesOf(again)).toContain(`goes on in the workspace of ${first}, with step 2 of 2`);
});

test('/retest failed of a run that went on from another, and was stopped, goes on where that one was to', async () => {
  await pushCommit({ a: String(Math.random()), slow: 'yes' });
  const run = await failedRun();
  const logged = async (one: string) => (await linesOf(one)).join('\n');
  const stopped = await command('/retest failed', 'red');
  await expect.poll(() => logged(stopped), { timeout: 20_000 }).toContain(`goes on in the workspace of ${run}`);
  await client.workflow.getHandle(stopped).terminate();
  const query = `WorkflowId = '${stopped}' AND ExecutionStatus = 'Terminated'`;
  await expect.poll(async () => (await client.workflow.count(query)).count).toBe(1);
  const again = await command('/retest failed', 'red');
  await expect.poll(() => logged(again), { timeout: 20_000 }).toContain(`goes on in the workspace of ${run}`);
  await client.workflow.getHandle(again).terminate();
});
