import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pushPayload } from '../../../src/cli/samples/github.js';
import { startFakeGithub } from '../../support/fake-github/github.js';
import { changes } from '../../support/harness/changes.js';
import { closers } from '../../support/harness/closers.js';
import { openInstallation } from '../../support/harness/installation.js';
import { runReceiver } from '../../support/harness/running-receiver.js';
import { sendPush } from '../../support/harness/send-push.js';
import { runWorker } from '../../support/harness/worker.js';
import { tempFolder } from '../../support/temp-folder.js';
import { testClient } from '../../support/temporal.js';

const { add, close } = closers();
afterAll(close);

const SECRET = 'a webhook secret of these tests';
const MODULE = `
  import { condition, defineSignal, setHandler } from '@temporalio/workflow';
  import { automation, completed, push, report } from 'hookyard/workflow';
  const concurrency = { group: 'branch' };
  /** One that is slow keeps its lane until it is told to go on. */
  const work = async ({ commit: { message } }) => {
    let goesOn = message !== 'slow';
    setHandler(defineSignal('go-on'), () => {
      goesOn = true;
    });
    await condition(() => goesOn);
  };
  export const deploy = automation({ on: push({ branches: ['plain'] }), concurrency }, work);
  export const first = automation({ on: push({ branches: ['first'] }) }, async () => undefined);
  export const later = automation({ on: completed('first'), concurrency }, ({ event }) => work(event));
  export const checked = automation({ on: push({ branches: ['checked'] }), concurrency, checks: ['test', 'lint'] }, async (event) => {
    await work(event);
    const isQuick = event.commit.message !== 'slow';
    if (isQuick) await report.status(event, { state: 'success', description: 'fine', context: 'test' });
  });
`;

test('a run that has waited says what has become of it under the statuses that told so', async () => {
  const github = add(await startFakeGithub({ token: 'canary-token' }));
  const automations = await tempFolder('told-queued');
  await mkdir(automations, { recursive: true });
  await writeFile(join(automations, 'lanes.ts'), MODULE);
  const installation = add(
    await openInstallation({
      name: 'told-queued',
      automations,
      config: () => ({
        sources: {
          github: { kind: 'github', secrets: [{ env: 'HOOK' }], api: { url: github.url, token: { env: 'TOKEN' } } },
        },
      }),
      values: { HOOK: SECRET, TOKEN: 'canary-token' },
    }),
  );
  const client = add(await testClient());
  const receiver = add(await runReceiver(installation, client));
  add(await runWorker(installation, { letOn: receiver.wake }));
  const pushed = async (branch: string, message: string) => {
    const after = [...crypto.getRandomValues(new Uint8Array(20))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    const commit = {
      repository: 'acme/app',
      ref: `refs/heads/${branch}`,
      before: '1'.repeat(40),
      after,
      message,
      files: ['x'],
    };
    await sendPush(receiver.url, { secret: SECRET, source: 'github', branch, body: pushPayload(commit) });
    return after;
  };
  const said = (sha: string) =>
    changes(
      github.statuses
        .filter((status) => status.sha === sha)
        .map(
          ({ context, state, description }) =>
            `${context} ${state} ${description.replace(/run \S+ of .*/, 'run … of …')}`,
        ),
    );
  const lanes = () => installation.store.lanes.list({ limit: 9 });
  for (const branch of ['plain', 'checked', 'first']) await pushed(branch, 'slow');
  const [plain = '', checked = ''] = [await pushed('plain', 'quick'), await pushed('checked', 'quick')];
  await expect
    .poll(async () => (await lanes()).map(({ title }) => title), { timeout: 30_000 })
    .toContainEqual(expect.stringMatching(/^later /));
  const chained = await pushed('first', 'quick');
  // What waits is told of once it has waited for a while: until then the lanes are kept.
  for (const [sha, automation] of [
    [plain, 'deploy'],
    [checked, 'checked'],
    [chained, 'later'],
  ] as const)
    await expect
      .poll(() => said(sha), { timeout: 50_000 })
      .toContain(`hookyard/${automation} pending queued: 1st, after run … of …`);
  const atWork = (await lanes()).flatMap(({ entries }) => entries.filter(({ state }) => state === 'runs'));
  expect(atWork).toHaveLength(3);
  for (const { workflowId } of atWork) await client.workflow.getHandle(workflowId).signal('go-on');
  await expect
    .poll(() => said(plain), { timeout: 50_000 })
    .toEqual([
      'hookyard/deploy pending queued: 1st, after run … of …',
      'hookyard/deploy pending the run has begun',
      'hookyard/deploy success the run passed',
    ]);
  // So it is of a run that another one has started, and that enters its lane by itself.
  await expect
    .poll(() => said(chained), { timeout: 50_000 })
    .toEqual([
      'hookyard/later pending queued: 1st, after run … of …',
      'hookyard/later pending the run has begun',
      'hookyard/later success the run passed',
    ]);
  // As without a queue, nothing is said of a check that no job has reported.
  await expect
    .poll(() => [...new Set(said(checked))].sort(), { timeout: 50_000 })
    .toEqual([
      'hookyard/checked pending queued: 1st, after run … of …',
      'hookyard/checked pending the run has begun',
      'hookyard/checked success the run passed',
      'hookyard/checked/test success fine',
    ]);
}, 240_000);
