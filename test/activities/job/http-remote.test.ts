import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureOf } from '../../support/harness/activity.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../support/harness/jobs.js';
import { type GitServer, openGitServer } from './git-server.js';
import { LONG_TOKEN } from './git-sources.js';

const TOKEN = 'canary-clone-token';
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');

let server: GitServer;
let jobs: Jobs;
const open = async (token: string) => {
  const clone = { url: `${server.url}/{fullName}.git`, token: { env: 'CLONE' } };
  jobs = await openJobs(
    { sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }], clone } } },
    { CLONE: token },
  );
  server.root = join(jobs.folder, 'repositories');
  await jobs.commit({ 'word.txt': 'first\n' });
};
beforeEach(async () => {
  server = await openGitServer(`Basic ${BASIC}`);
});
afterEach(async () => {
  await server.close();
  await jobs.close();
});

const around = () => activity({ workflowExecution: WORKFLOW });

/** Command lines of the processes that speak to the server. */
async function commandLines(): Promise<string[]> {
  const all = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')),
  );
  return all.filter((line) => line.includes(server.url));
}

test('a clone over HTTP sends the token, and leaves it nowhere that a step can see', async () => {
  await open(TOKEN);
  const result = await jobs.run({
    steps: [
      'cat word.txt; git remote -v; grep -r . .git/config',
      'cat "$(cat .git/objects/info/alternates)/../config"',
    ],
  });
  expect(result.passed).toBe(true);
  expect(result.output).toContain('first');
  expect(result.output).toContain(server.url);
  expect(server.authorizations.length).toBeGreaterThan(0);
  expect(new Set(server.authorizations)).toEqual(new Set([`Basic ${BASIC}`]));
  // What was masked would have been there.
  expect(result.output).not.toMatch(/\*\*\*/);
});

test('a server that fails first is asked again', async () => {
  await open(TOKEN);
  server.failing = 1;
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
});

test('a server that goes on failing is a failure that is retried', async () => {
  await open(TOKEN);
  server.failing = 100;
  const failure = await failureOf(around().run(jobs.runJob, await jobs.input({ steps: ['true'] })), TOKEN);
  expect(failure.nonRetryable).toBe(false);
  expect(failure.message).toContain('503');
  server.failing = 0;
  expect(await jobs.run({ steps: ['cat word.txt'] }, 2)).toMatchObject({ passed: true });
});

test('a token that is refused shows in no error and no log', async () => {
  await open('canary-wrong-token');
  const input = await jobs.input({ steps: ['true'] });
  const failure = await failureOf(around().run(jobs.runJob, input), 'canary-wrong-token');
  expect(failure.message).toContain("git can't fetch");
  const wrong = Buffer.from('x-access-token:canary-wrong-token').toString('base64');
  expect(JSON.stringify(await jobs.lines())).not.toMatch(new RegExp(`canary-wrong-token|${wrong}`));
});

test('what a server says of a token of 520 characters is masked before it is cut', async () => {
  await open(LONG_TOKEN);
  server.refusal = `you came with ${LONG_TOKEN}`;
  const failure = await failureOf(around().run(jobs.runJob, await jobs.input({ steps: ['true'] })), LONG_TOKEN);
  expect(failure.message).toContain('***');
  const said = `${failure.message}${JSON.stringify(await jobs.lines())}`;
  for (let at = 0; at + 20 <= LONG_TOKEN.length; at += 20) expect(said).not.toContain(LONG_TOKEN.slice(at, at + 20));
});

test('a server that does not answer: no command line holds the token, and a cancel ends git', async () => {
  await open(TOKEN);
  const asked = server.hang();
  const run = around();
  const running = run.run(jobs.runJob, await jobs.input({ steps: ['true'] }));
  running.catch(() => undefined);
  await asked;
  const lines = await commandLines();
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('\n')).not.toMatch(new RegExp(`${TOKEN}|${BASIC}`));
  run.cancel();
  await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  await expect.poll(commandLines).toEqual([]);
  expect(await jobs.workspaces()).toEqual([]);
});

test('a checkout that takes too long is timed out, also one that waits for another; the mirror stays', async () => {
  await open(TOKEN);
  await jobs.run({ steps: ['true'] });
  const mirrors = join(jobs.config.data, 'mirrors');
  const before = await readdir(mirrors);
  const sha = await jobs.commit({ 'word.txt': 'second\n' });
  const asked = server.hang();
  // It is at work still when the other is over, however long that takes to begin and to end.
  const first = activity({ workflowExecution: WORKFLOW }).run(
    jobs.runJob,
    await jobs.input({ steps: ['true'], checkout: { sha }, timeoutMs: 10_000 }),
  );
  await asked;
  const late = await around().run(
    jobs.runJob,
    await jobs.input({ steps: ['true'], checkout: { sha }, timeoutMs: 300 }),
  );
  expect(late).toMatchObject({ outcome: 'timed_out', steps: [{ outcome: 'timed_out' }] });
  expect(await commandLines()).not.toEqual([]);
  expect(await first).toMatchObject({ outcome: 'timed_out' });
  await expect.poll(commandLines).toEqual([]);
  expect(await readdir(mirrors)).toEqual(before);
});
