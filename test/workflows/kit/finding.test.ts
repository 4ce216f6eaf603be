import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobResult } from '../../../src/activities/contract/index.js';
import type { PushEvent } from '../../../src/events/event.js';
import { packageRoot } from '../../../src/paths.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { changes } from '../../support/harness/changes.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { makeRepository } from '../../support/harness/repository.js';
import { runWorker, type TestWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

const { add, close } = closers();
let github: FakeGithub;
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let worker: TestWorker;
let sha: string;

beforeAll(async () => {
  client = add(await testClient());
  github = add(await startFakeGithub({ app: { id: '4711', publicKey, installationToken: 'ghs_a_token' } }));
  installation = add(
    await openInstallation({
      name: 'finding',
      automations: join(packageRoot, 'test/workflows/kit/finding'),
      config: ({ folder }) => ({
        sources: {
          github: {
            kind: 'github',
            secrets: [{ env: 'HOOK' }],
            api: { url: github.url, app: { id: 4711, privateKey: { env: 'KEY' } } },
            clone: { url: `${folder}/repositories/{fullName}.git` },
          },
        },
      }),
      values: { HOOK: 'x', KEY: privateKey },
    }),
  );
  sha = await makeRepository(installation.folder);
  worker = await runWorker(installation);
});
afterAll(async () => {
  await worker?.close();
  await close();
});

async function start(automation: string, go = join(installation.folder, unique('go'))) {
  const repository = { id: '1', fullName: 'acme/app', url: 'https://github.com/acme/app', private: false };
  const sample = pushEvent({ repository, commit: { sha } });
  const event: PushEvent = {
    ...sample,
    commit: { ...sample.commit, message: go },
    deliveryId: unique(automation),
  };
  const run = await client.workflow.start(automation, {
    workflowId: unique(automation),
    taskQueue: installation.taskQueue,
    args: [event],
  });
  const statuses = () =>
    changes(
      github.statuses
        .filter(({ context }) => context === `hookyard/${automation}/unit`)
        .map(({ state, description }) => `${state}: ${description}`),
    );
  const result = async () => (await installation.store.records.get('found', event.deliveryId))?.data as JobResult;
  return { run, go: () => writeFile(go, ''), statuses, result };
}

test('the status is red while the step still runs, stays so, and its problems are shown at their lines', async () => {
  const { run, go, statuses, result } = await start('found');
  await expect
    .poll(statuses, { timeout: 30_000 })
    .toEqual([expect.stringMatching(/^pending/), 'failure: test "adds" failed']);
  expect((await run.describe()).status.name).toBe('RUNNING');
  await go();
  await run.result();
  expect(await result()).toMatchObject({
    passed: false,
    steps: [
      { name: 'lint', outcome: 'passed', problems: [{ severity: 'warning', line: 1 }] },
      { name: 'test', outcome: 'failed', exitCode: 0, because: 'test "adds" failed', tests: { failed: 1 } },
    ],
  });
  expect(statuses().slice(2)).toEqual([expect.stringMatching(/^failure: "test" failed/)]);
  expect(github.checkRuns).toMatchObject([
    {
      ...{ name: 'hookyard/found/unit: problems', conclusion: 'neutral', title: '1 error and 1 warning' },
      annotations: [
        { path: 'word.txt', start_line: 2, annotation_level: 'failure' },
        { path: 'word.txt', start_line: 1, annotation_level: 'warning' },
      ],
    },
  ]);
});

test('a step that is tried again turns nothing red, ends green, and its test is flaky', async () => {
  const { run, statuses, result } = await start('retried');
  await run.result();
  expect(await result()).toMatchObject({ passed: true, steps: [{ attempts: 2, tests: { passed: 1, flaky: 1 } }] });
  await expect.poll(statuses).toEqual([expect.stringMatching(/^pending/), expect.stringMatching(/^success/)]);
});

test('a job that passes at its third attempt was never red, ends green, and its test is flaky', async () => {
  const { run, statuses, result } = await start('tried');
  await run.result();
  expect(await result()).toMatchObject({ passed: true, tries: 3, steps: [{ tests: { failed: 0, flaky: 1 } }] });
  await expect.poll(() => statuses().at(-1)).toMatch(/^success/);
  expect(statuses().filter((status) => !/^(pending|success)/.test(status))).toEqual([]);
  expect(github.checkRuns.filter(({ name }) => name.startsWith('hookyard/tried'))).toEqual([]);
});

test('only the last try shows its problems, and a green run on the same commit has none in their place', async () => {
  const path = join(installation.folder, unique('go'));
  const shown = () => github.checkRuns.filter(({ name }) => name === 'hookyard/mended/unit: problems');
  const red = await start('mended', path);
  expect(await red.run.result()).toMatchObject({ outcome: 'failed' });
  expect(shown()).toMatchObject([{ conclusion: 'neutral', annotations: [{ path: 'word.txt', start_line: 2 }] }]);
  await writeFile(path, '');
  await (await start('mended', path)).run.result();
  expect(shown().slice(1)).toMatchObject([{ conclusion: 'success', annotations: [] }]);
  await (await start('mended', path)).run.result();
  expect(shown()).toHaveLength(2);
});
