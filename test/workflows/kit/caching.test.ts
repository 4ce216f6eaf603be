import { join } from 'node:path';
import { defaultDataConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobResult } from '../../../src/activities/contract/index.js';
import { packageRoot } from '../../../src/paths.js';
import { readTimeline } from '../../../src/server/api/timeline/read-timeline.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { openRepository } from '../../support/harness/repository.js';
import { runWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';

const { add, close } = closers();
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let sha: string;

beforeAll(async () => {
  client = add(await testClient());
  installation = add(
    await openInstallation({
      name: 'caching',
      automations: join(packageRoot, 'test/workflows/kit/caching'),
      config: ({ folder }) => ({
        sources: {
          github: {
            kind: 'github',
            secrets: [{ env: 'HOOK' }],
            clone: { url: `${folder}/repositories/{fullName}.git` },
          },
        },
      }),
      values: { HOOK: 'x' },
    }),
  );
  sha = await (await openRepository(installation.folder)).commit({ 'word.txt': 'the word is here' });
  add(await runWorker(installation));
});
afterAll(close);

async function run(automation: string) {
  const repository = { id: '1', fullName: 'acme/app', url: 'https://github.com/acme/app', private: false };
  const deliveryId = unique(automation);
  const event = { ...pushEvent({ repository, commit: { sha } }), deliveryId };
  const { taskQueue, store } = installation;
  const handle = await client.workflow.start(automation, { workflowId: deliveryId, taskQueue, args: [event, {}] });
  const end = await handle.result().catch((error: { cause?: Error }) => error.cause?.message);
  const result = (await store.records.get('cached', deliveryId))?.data as JobResult;
  const lines = await store.logs.read({ workflowId: deliveryId, job: 'build' }, { after: 0, limit: 100 });
  const { events } = await handle.fetchHistory();
  const timeline = await readTimeline(events ?? [], defaultDataConverter);
  return { end, result, timeline, printed: lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text) };
}

test('the second run of a job finds what the first has saved; the result and the timeline of the run tell of both, and of where it ran', async () => {
  const first = await run('cached');
  expect(first.printed).toEqual(['made']);
  expect(first.result.caches).toMatchObject([{ hit: 'none', saved: { bytes: expect.any(Number) } }]);
  const second = await run('cached');
  expect(second.printed).toEqual(['found']);
  const [{ key = '', ...cache } = {}] = second.result.caches ?? [];
  expect(key).toMatch(/^modules-[0-9a-f]{32}$/);
  expect(cache).toMatchObject({ hit: 'exact', restored: { key } });
  expect(second.result.runner).toBe('on the host');
  expect(second.timeline.find(({ kind }) => kind === 'prepare')).toMatchObject({
    runner: 'on the host',
    caches: [{ key, hit: 'exact' }],
  });
});

test('a job that does not pass saves nothing', async () => {
  const { result } = await run('red');
  expect(result).toMatchObject({ passed: false, caches: [{ key: 'red', hit: 'none' }] });
  expect((await run('red')).printed).toEqual(['made']);
});

test('a key with what a branch may be called is as URLs have it, and is found again', async () => {
  const { result } = await run('named');
  expect(result.caches).toMatchObject([
    { key: expect.stringMatching(/^npm-feature\/%C3%BC-[0-9a-f]{32}$/), saved: {} },
  ]);
  expect((await run('named')).printed).toEqual(['found']);
});

test('a cache that leads out of the workspace fails the run before its job begins', async () => {
  const { end } = await run('misspelt');
  expect(end).toContain(
    'runJob(): "cache.paths" must be a list of paths below the checkout: "../up" must not lead out by ".."',
  );
});
