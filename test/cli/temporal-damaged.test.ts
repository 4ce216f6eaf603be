import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { openPlace, SECRET } from '../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../support/harness/process.js';
import { push, sendPush } from '../support/harness/send-push.js';

let running: HookyardProcess | undefined;

afterEach(async () => {
  // In order: what was started with it ends with it.
  await running?.kill('SIGTERM');
  running = undefined;
});

test("hookyard start takes deliveries though Temporal's file is damaged, and runs them once that is put right", async () => {
  const { data, env } = await openPlace({
    temporal: '',
    automations: `import { automation, push } from 'hookyard/workflow';
export const touched = automation({ on: push({ branches: ['touch'] }) }, async () => {});
`,
  });
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'temporal.db'), 'this is no database, and never was one. '.repeat(1_000));
  const { TEMPORAL_ADDRESS: _, HOOKYARD_PORT: __, ...own } = env;
  running = await startHookyard(['start'], { data, env: { ...own, TEMPORAL_CLI_PATH: inject('temporalCli') } });
  const { url, output } = running;

  const sent = { secret: SECRET, source: 'github', branch: 'touch', id: 'early', body: push('touch') };
  expect((await sendPush(url, sent)).status).toBe(202);
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({
    ready: true,
    store: 'answers',
    temporal: 'away',
  });
  // A server that is not up within half a minute is ended, and told of then.
  await expect.poll(output, { timeout: 60_000 }).toContain('Temporal does not come up');
  expect(output()).toContain('the receiver listens');

  await rm(join(data, 'temporal.db'));
  await expect.poll(output, { timeout: 180_000 }).toContain('the Temporal server is up again');
  await expect.poll(output, { timeout: 120_000 }).toContain('Hookyard is ready');
  const readiness = async () => (await fetch(`${url}/readyz`)).json();
  await expect
    .poll(readiness, { timeout: 60_000 })
    .toMatchObject({ temporal: 'answers', worker: 'runs', waiting: 0, failed: 0 });
}, 500_000);
