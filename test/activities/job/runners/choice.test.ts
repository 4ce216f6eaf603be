import { execaSync } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { chooseRunner, markOfRunner } from '../../../../src/activities/job/runners/choose-runner.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../../support/harness/jobs.js';

const OWN = { source: 'github', repository: 'acme/app', sha: 'a'.repeat(40), ref: 'refs/heads/main' };
const FORKS = { ...OWN, untrusted: true as const };
const QUEUED = { ...OWN, queued: true as const };
const jobsOf = (more: object) => ({ jobs: { network: 'none', container: {}, ...more } }) as never;
const HOST = jobsOf({ runner: 'host' });
const SANDBOX = jobsOf({ runner: 'sandbox' });
const CONTAINER = jobsOf({ runner: 'container', container: { image: 'node:22' } });
const IMAGE = { image: 'node:24' };

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
  ['a job that names an image', 'container', HOST, { checkout: OWN, runner: IMAGE }],
  ["a fork's code, where the job names an image", 'container', HOST, { checkout: FORKS, runner: IMAGE }],
  ["a fork's code, where all runs in containers", 'container', CONTAINER, { checkout: FORKS, runner: 'host' }],
  ["a fork's code, where the job wants a sandbox", 'sandbox', CONTAINER, { checkout: FORKS, runner: 'sandbox' }],
] as const)('%s runs here: %s', (_, kind, config, job) => {
  expect(chooseRunner(config, job).kind).toBe(kind);
});

const network = (which: string) => jobsOf({ runner: 'sandbox', network: which });

test.each([
  ["the repository's own code, where nothing is said", false, SANDBOX, { checkout: OWN }],
  ['it, where its job wants one', true, SANDBOX, { checkout: OWN, network: true }],
  ['it, where the configuration says so', true, network('own'), { checkout: OWN }],
  ['it, where its job wants none', false, network('all'), { checkout: OWN, network: false }],
  ["a fork's code, where its job wants one", false, network('own'), { checkout: FORKS, network: true }],
  ["a fork's code, where all code has one", true, network('all'), { checkout: FORKS }],
  ["a fork's code, where its job wants none", false, network('all'), { checkout: FORKS, network: false }],
  ["a fork's code that is trusted", true, network('own'), { checkout: FORKS, trust: true }],
] as const)('%s has network: %s', (_, has, config, job) => {
  expect(chooseRunner(config, job).network).toBe(has);
});

test('what is kept of jobs tells one runner from another, as versions before noted it', () => {
  const mark = (config: never, job: object) => markOfRunner(chooseRunner(config, { checkout: OWN, ...job }));
  expect([
    mark(HOST, {}),
    mark(SANDBOX, {}),
    mark(SANDBOX, { network: true }),
    mark(CONTAINER, {}),
    mark(CONTAINER, { runner: IMAGE, network: true }),
  ]).toEqual(['host', 'sandbox', 'sandbox network', 'container node:22', 'container node:24 network']);
});

const { PATH = '' } = process.env;

let jobs: Jobs | undefined;
afterEach(async () => {
  process.env.PATH = PATH;
  await jobs?.close();
});

test("without bubblewrap, a stranger's code ends its run at once, with what to install; trusted code runs", async () => {
  jobs = await openJobs();
  await jobs.commit({ a: 'a' });
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
