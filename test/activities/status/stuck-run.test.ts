import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadCatalog } from '../../../src/catalog/load.js';
import { startFakeGithub } from '../../support/fake-github/github.js';
import { closers } from '../../support/harness/closers.js';
import { openInstallation } from '../../support/harness/installation.js';
import { runWorker } from '../../support/harness/worker.js';
import { tempFolder } from '../../support/temp-folder.js';
import { testClient, unique } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';

const { add, close } = closers();
afterAll(close);

const moduleThat = (goesOn: string) => `
  import { sleep } from '@temporalio/workflow';
  import { automation, push, report, sync } from 'hookyard/workflow';
  export const edited = automation({ on: push() }, async (event) => {
    await report.status(event, { state: 'pending', description: 'has begun' });
    ${goesOn};
    await report.status(event, { state: 'success', description: 'done' });
  });`;

test('the status of a run that is stuck, since its code has changed, ends as an error', async () => {
  const github = add(await startFakeGithub({ token: 'canary-token' }));
  const automations = await tempFolder('edited');
  await mkdir(automations, { recursive: true });
  const write = (goesOn: string) => writeFile(join(automations, 'edited.ts'), moduleThat(goesOn));
  await write("await sleep('1 hour')");
  const installation = add(
    await openInstallation({
      name: 'stuck',
      automations,
      config: () => ({
        sources: {
          github: { kind: 'github', secrets: [{ env: 'HOOK' }], api: { url: github.url, token: { env: 'TOKEN' } } },
        },
      }),
      values: { HOOK: 'a-webhook-secret-for-tests', TOKEN: 'canary-token' },
    }),
  );
  const client = add(await testClient());
  const worker = await runWorker(installation);
  const run = await client.workflow.start('edited', {
    workflowId: unique('edited'),
    taskQueue: installation.taskQueue,
    args: [pushEvent({ repository: { id: '1', fullName: 'acme/app', url: 'http://hub', private: false } })],
  });
  try {
    await expect.poll(() => github.statuses.at(-1)?.state, { timeout: 30_000 }).toBe('pending');
    // It sleeps, as its history says: what has not come so far would go on with the new code as if it had always been so.
    const sleeps = async () =>
      (await run.fetchHistory()).events?.some((event) => event.timerStartedEventAttributes) ?? false;
    await expect.poll(sleeps, { timeout: 30_000 }).toBe(true);
  } finally {
    await worker.close();
  }
  await write("await sync.upsert('notes', 'x', {}, { version: 1 })");
  add(await runWorker({ ...installation, catalog: await loadCatalog(automations) }));
  // Nobody listens to it: it has the new code, and that alone, look at the run.
  await run.signal('look');
  await expect
    .poll(() => `${github.statuses.at(-1)?.state} ${github.statuses.at(-1)?.description}`, { timeout: 120_000 })
    .toMatch(/^error the run is stuck/);
  await run.terminate();
}, 200_000);
