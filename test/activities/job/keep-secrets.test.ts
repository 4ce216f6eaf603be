import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepFromStrangers } from '../../../src/activities/job/keep-secrets.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../support/harness/jobs.js';
import { inSandbox } from '../../support/harness/needs-sandbox.js';

const VALUE = 'canary-of-npm-0123456789';
const NPM = { secret: 'npm' };

let jobs: Jobs;
beforeAll(async () => {
  jobs = await openJobs({ secrets: { npm: { env: 'NPM' } } }, { NPM: VALUE });
  await jobs.commit({ a: 'a' });
});
afterAll(() => jobs.close());

const pull = (head: { ref: string; repository?: string }) => ({ ref: undefined, pullRequest: { number: 9, head } });
const STRANGERS = [
  ['a pull request of a fork', pull({ ref: 'topic', repository: 'eve/app' })],
  ['one that the event tells is', { ...pull({ ref: 'topic', repository: 'acme/app' }), untrusted: true }],
  ['a pull request of a fork that is gone', pull({ ref: 'topic' })],
  ['an AGit pull request', { ...pull({ ref: 'refs/pull/9/head', repository: 'acme/app' }), untrusted: true }],
  ['a merge group', { queued: true, ref: 'refs/heads/gh-readonly-queue/main/pr-9-0123' }],
  ["a push of a merge queue's branch", { ref: 'refs/heads/gh-readonly-queue/main/pr-9-0123' }],
  ["a ref that is no branch's and no tag's", { ref: 'refs/pull/9/head' }],
  ['a commit of which nobody knows whose it is', { ref: undefined }],
] as const;

const ASKED = [
  ['the job', { env: { A: 'b', NPM_TOKEN: NPM } }, /"npm" \(env NPM_TOKEN\)/],
  ['a step', { env: {}, stepSecrets: ['npm'] }, /"npm"/],
] as const;

const ROWS = STRANGERS.flatMap(([whose, checkout]) =>
  ASKED.map(([who, asks, named]) => [whose, who, { checkout, asks, named }] as const),
);

test.each(ROWS)('%s gets no secret: where %s asks for one, the job ends before anything runs', async (_, __, row) => {
  const { checkout, asks, named } = row;
  const input = await jobs.input({ steps: ['touch ran; echo begun'], checkout: checkout as object, ...asks });
  const before = (await jobs.lines()).length;
  const ran = activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input);
  await expect(ran).rejects.toMatchObject({ type: 'Refused', nonRetryable: true });
  await expect(ran).rejects.toThrow(named);
  await expect(ran).rejects.toThrow(/gets no secrets.*a job without them, or set trust: true/);
  expect(await jobs.workspaces()).toEqual([]);
  const lines = (await jobs.lines()).slice(before);
  expect(lines.map(({ stream }) => stream)).not.toContain('stdout');
  expect(JSON.stringify(lines)).not.toContain(VALUE);
  expect(lines.map(({ text }) => text).join()).not.toContain('check out');
});

test('where the automation trusts the code, it gets them', async () => {
  const trusted = {
    steps: ['test "$T" = canary-of-npm-0123456789 && echo same'],
    env: { T: NPM },
    trust: true as const,
  };
  expect(await jobs.run({ ...trusted, checkout: { untrusted: true } })).toMatchObject({ passed: true, output: 'same' });
});

test("a stranger's code without secrets, and the repository's own with them, is let in", () => {
  const checkout = { source: 'github', repository: 'acme/app', sha: 'a'.repeat(40), ref: 'refs/heads/main' };
  expect(() => keepFromStrangers({ checkout: { ...checkout, untrusted: true }, env: { A: 'b' } })).not.toThrow();
  expect(() => keepFromStrangers({ checkout, env: { T: NPM }, stepSecrets: ['npm'] })).not.toThrow();
});

inSandbox('of a run that an older version started, which did not tell what its steps ask for', () => {
  test("a stranger's step that asks for a secret fails before it begins", async () => {
    const step = { name: 'it', run: 'echo begun', env: { T: NPM } };
    const [ran] = await jobs.host({ checkout: { untrusted: true }, steps: [step] });
    expect(ran).toMatchObject({
      outcome: 'failed',
      final: true,
      because: expect.stringContaining('gets no secrets: "npm" (env T)'),
    });
    expect((await jobs.lines()).map(({ text }) => text)).not.toContain('begun');
  });
});

test('a secret that is for some automations is given to them, and refused to others before anything runs', async () => {
  const listed = await openJobs(
    {
      secrets: {
        npm: { from: { env: 'NPM' }, automations: ['c*', '!cd'] },
        pypi: { from: { env: 'NPM' }, automations: ['publish'] },
      },
    },
    { NPM: VALUE },
  );
  try {
    await listed.commit({ a: 'a' });
    expect(await listed.run({ steps: ['echo "$T"'], env: { T: NPM } })).toMatchObject({ passed: true, output: '***' });
    const input = await listed.input({ steps: ['echo begun'], env: { T: { secret: 'pypi' } } });
    const around = activity({ workflowExecution: WORKFLOW, workflowType: 'ci' });
    await expect(around.run(listed.runJob, input)).rejects.toMatchObject({
      type: 'Refused',
      message: expect.stringMatching(
        /^env T: the secret "pypi" is for the automations publish, and not for "ci": add it to secrets\.pypi\.automations/,
      ),
    });
    const [ran] = await listed.host({ steps: [{ name: 'it', run: 'echo begun', env: { T: { secret: 'pypi' } } }] });
    expect(ran).toMatchObject({ outcome: 'failed', final: true, because: expect.stringContaining('not for "ci"') });
    expect((await listed.lines()).map(({ text }) => text)).not.toContain('begun');
  } finally {
    await listed.close();
  }
});
