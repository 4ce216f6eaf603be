import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, expect, test } from 'vitest';
import { createSetAside } from '../../../src/cli/processes/set-aside.js';
import type { Store } from '../../../src/store/store.js';
import { startFakeGithub } from '../../support/fake-github/github.js';
import { closers } from '../../support/harness/closers.js';
import { openInstallation } from '../../support/harness/installation.js';
import { keepLog } from '../../support/harness/log.js';
import { runWorker } from '../../support/harness/worker.js';
import { tempFolder } from '../../support/temp-folder.js';
import { testClient, unique } from '../../support/temporal.js';
import { pullRequestEvent } from '../../triggers/sample-events.js';

const { add, close } = closers();
afterAll(close);

/** It has checks that a merge waits for, and has said nothing of them when it does harm. */
const SILENT = `
  import { sleep } from '@temporalio/workflow';
  import { automation, pullRequest } from 'hookyard/workflow';
  export const silent = automation({ on: pullRequest(), checks: ['test', 'lint'] }, async () => {
    await sleep('1 hour');
  });`;

test('the checks of a run that is set aside are reported as errors, though it has reported nothing itself', async () => {
  const github = add(await startFakeGithub({ token: 'canary-token' }));
  const automations = await tempFolder('silent');
  await mkdir(automations, { recursive: true });
  await writeFile(join(automations, 'silent.ts'), SILENT);
  const installation = add(
    await openInstallation({
      name: 'aside',
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
  add(await runWorker(installation));
  const { taskQueue, store, catalog, kept } = installation;
  const event = pullRequestEvent({
    repository: { id: '1', fullName: 'acme/app', url: 'http://hub', private: false },
  });
  const run = await client.workflow.start('silent', { workflowId: unique('silent'), taskQueue, args: [event] });
  const { workflowId, firstExecutionRunId: runId } = run;
  const setAside = createSetAside({
    ...{ client, store, pages: { server: {}, temporal: {} }, log: kept.log },
    automations: () => catalog.automations,
  });

  await setAside({ workflowId, runId, automation: 'silent', because: 'it took the worker down' });

  expect((await run.describe()).status.name).toBe('TERMINATED');
  const reported = () => github.statuses.map(({ context, state, sha }) => ({ context, state, sha }));
  const wanted = ['lint', 'test'].map((check) => ({
    context: `hookyard/silent/${check}`,
    state: 'error',
    sha: event.commit.sha,
  }));
  await expect
    .poll(() => reported().sort((a, b) => a.context.localeCompare(b.context)), { timeout: 120_000 })
    .toEqual(wanted);
  expect(github.statuses[0]?.description).toBe('set aside by Hookyard: it took the worker down');
  const told = () => kept.lines().filter(({ msg }) => msg.includes('set aside'));
  expect(told()).toHaveLength(1);
  expect(told()[0]).toMatchObject({ run: workflowId, automation: 'silent', because: 'it took the worker down' });

  // One that has ended meanwhile is nobody's any more.
  await setAside({ workflowId, runId, automation: 'silent', because: 'it took the worker down' });
  expect(told()).toHaveLength(1);
}, 200_000);

test('a run that could not be set aside is named with the command that ends it, at its Temporal and in its namespace', async () => {
  const kept = keepLog();
  const client = new Client({ connection: Connection.lazy({ address: '127.0.0.1:9' }), namespace: 'hookyard' });
  const setAside = createSetAside({
    ...{ client, store: {} as Store, pages: { server: {}, temporal: {} }, log: kept.log },
    automations: () => [],
  });
  expect(await setAside({ workflowId: 'ci/a/b', runId: '', automation: 'ci', because: 'it holds all up' })).toBe(false);
  await client.connection.close();
  expect(kept.lines().at(-1)?.msg).toContain(
    'temporal workflow terminate --address 127.0.0.1:9 --namespace hookyard --workflow-id <run>',
  );
});
