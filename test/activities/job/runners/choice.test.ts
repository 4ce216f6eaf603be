import { execaSync } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runnerFor } from '../../../../src/activities/job/runners/open-runner.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../../support/harness/jobs.js';

const OWN = { source: 'github', repository: 'acme/app', sha: 'a'.repeat(40), ref: 'refs/heads/main' };
const FORKS = { ...OWN, untrusted: true as const };
const QUEUED = { ...OWN, queued: true as const };
const HOST = { jobs: { runner: 'host' } } as never;
const SANDBOX = { jobs: { runner: 'sandbox' } } as never;

test.each([
  ["the repository's own code", 'host', HOST, { checkout: OWN }],
  ['it, where the configuration wants a sandbox', 'sandbox', SANDBOX, { checkout: OWN }],
  ['it, where the job wants one', 'sandbox', HOST, { checkout: OWN, runner: 'sandbox' }],
  ['it, where the job wants none', 'host', SANDBOX, { checkout: OWN, runner: 'host' }],
  ["a fork's code", 'sandbox', HOST, { checkout: FORKS }],
  ["a fork's code, where the job wants none for its own", 'sandbox', HOST, { checkout: FORKS, runner: 'host' }],
  ["a fork's code that is trusted", 'host', HOST, { checkout: FORKS, trust: true }],
  ["a fork's code that is trusted, where all runs in one", 'sandbox', SANDBOX, { checkout: FORKS, trust: true }],
  ["a merge queue's code", 'sandbox', HOST, { checkout: QUEUED }],
  ['a commit of which nobody knows whose it is', 'sandbox', HOST, { checkout: { ...OWN, ref: '' } }],
] as const)('%s runs here: %s', (_, kind, config, job) => {
  expect(runnerFor(config, job)).toBe(kind);
});

const { PATH = '' } = process.env;

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs();
  await jobs.commit({ a: 'a' });
});
afterEach(async () => {
  process.env.PATH = PATH;
  await jobs.close();
});

test("without bubblewrap, a stranger's code ends its run at once, with what to install; trusted code runs", async () => {
  const tools = ['git', 'bash', 'cat', 'tar', 'rm', 'find', 'nsenter', 'prlimit'];
  const folder = `${jobs.folder}/bin`;
  execaSync('mkdir', [folder]);
  for (const tool of tools) execaSync('ln', ['-s', execaSync('which', [tool]).stdout, `${folder}/${tool}`]);
  process.env.PATH = folder;
  const input = await jobs.input({ steps: ['cat a'], checkout: { untrusted: true } });
  await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
    type: 'NotConfigured',
    nonRetryable: true,
    message: expect.stringMatching(
      /may be a stranger's.*bwrap is not installed.*apt-get install bubblewrap.*trust: true/s,
    ),
  });
  expect(await jobs.workspaces()).toEqual([]);
  expect(await jobs.run({ steps: ['cat a'], checkout: { untrusted: true }, trust: true })).toMatchObject({
    passed: true,
  });
  expect(await jobs.run({ steps: ['cat a'] })).toMatchObject({ passed: true });
});
