import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../../src/paths.js';
import type { ReconcileResult } from '../../../src/workflows/built-in/reconcile.js';
import { type Hub, startHub } from '../../support/fake-github/hub.js';
import { pushPayload } from '../../support/harness/payloads.js';
import { type HookyardProcess, startHookyard } from '../../support/harness/process.js';
import { openSetting, type Setting } from '../../support/harness/system.js';
import { temporalAddress, unique } from '../../support/temporal.js';

const SECRET = 'a webhook secret for tests';
const source = unique('hub');
const workers = new Set<HookyardProcess>();
let hub: Hub;
let setting: Setting;

beforeEach(async () => {
  hub = await startHub({ authorised: (_, given) => / canary-token$/.test(given), secret: SECRET });
  setting = await openSetting({
    worker: false,
    values: { SECRET },
    config: (receiver) => ({
      server: { publicUrl: receiver },
      sources: { [source]: { kind: 'github', secrets: [{ env: 'SECRET' }] } },
    }),
  });
  await writeFile(
    join(setting.config.data, 'hookyard.config.ts'),
    `import { defineConfig, env } from 'hookyard/config';
export default defineConfig({
  server: { publicUrl: '${setting.url}' },
  sources: { '${source}': { kind: 'github', secrets: [env('SECRET')], api: { url: '${hub.url}', token: env('TOKEN') } } },
});
`,
  );
});
afterEach(async () => {
  for (const worker of workers) await worker.kill('SIGKILL');
  await setting?.close();
  await hub?.close();
});

async function startWorker(): Promise<HookyardProcess> {
  const { data, temporal } = setting.config;
  const env = {
    HOOKYARD_CONFIG: join(data, 'hookyard.config.ts'),
    HOOKYARD_AUTOMATIONS: join(packageRoot, 'test/activities/reconcile/automations'),
    HOOKYARD_TASK_QUEUE: temporal.taskQueue,
    TEMPORAL_ADDRESS: temporalAddress(),
    HOOKYARD_API_TOKEN: 'an-api-token-for-tests',
    SECRET,
    TOKEN: 'canary-token',
  };
  const worker = await startHookyard(['worker'], { data, env });
  workers.add(worker);
  return worker;
}

test('a look whose worker is killed half way goes on with another, and sends nothing twice', async () => {
  const hook = hub.addHook('/repos/acme/shop/hooks/7', `${setting.url}/webhooks/${source}`);
  const tell = (minutes: number) => {
    const after = randomUUID().replaceAll('-', '').padEnd(40, '0');
    return hook.deliver('push', pushPayload({ after }), new Date(Date.now() - minutes * 60_000));
  };
  const all = [await tell(60)];
  await setting.receiverDown();
  for (const minutes of [50, 40, 30, 20]) all.push(await tell(minutes));
  await setting.receiverUp();

  const first = await startWorker();
  let killed: Promise<unknown> | undefined;
  hub.onRedelivery = async () => {
    // At its worst: the second one is sent, and the worker never hears that it was.
    if (hub.redeliveries() !== 2) return;
    killed ??= first.kill('SIGKILL');
    await killed;
  };
  const handle = await setting.client.workflow.start('hookyardReconcile', {
    taskQueue: setting.config.temporal.taskQueue,
    workflowId: unique('hookyardReconcile'),
    args: [{ source }],
  });
  await expect.poll(() => killed, { timeout: 30_000 }).toBeDefined();
  await killed;
  await startWorker();
  expect((await handle.result()) as ReconcileResult).toMatchObject({ outcome: 'passed', refused: 0, troubles: [] });

  const deliveries = await setting.deliveries(source);
  expect(deliveries.map(({ key }) => key).sort()).toEqual([...all].sort());
  expect(hub.redeliveries()).toBe(4);
  expect(await setting.runs(source, all.length)).toEqual(all.map((guid) => `told/${source}/${guid}`).sort());
}, 150_000);
