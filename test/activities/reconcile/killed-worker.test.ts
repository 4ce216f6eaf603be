import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../../src/paths.js';
import type { ReconcileResult } from '../../../src/workflows/built-in/reconcile.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { pushPayload } from '../../support/harness/payloads.js';
import { API_TOKEN } from '../../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../../support/harness/process.js';
import { temporalAddress, unique } from '../../support/temporal.js';
import { openSystem, type System } from './system.js';

const SECRET = 'a webhook secret for tests';
const source = unique('hub');
const workers = new Set<HookyardProcess>();
let hub: FakeGithub;
let system: System;

beforeEach(async () => {
  hub = await startFakeGithub({ token: 'canary-token', secret: SECRET });
  system = await openSystem({
    worker: false,
    values: { SECRET },
    config: (receiver) => ({
      server: { publicUrl: receiver },
      sources: { [source]: { kind: 'github', secrets: [{ env: 'SECRET' }] } },
    }),
  });
  await writeFile(
    join(system.config.data, 'hookyard.config.ts'),
    `import { defineConfig, env } from 'hookyard/config';
export default defineConfig({
  server: { publicUrl: '${system.receiver.url}' },
  sources: { '${source}': { kind: 'github', secrets: [env('SECRET')], api: { url: '${hub.url}', token: env('TOKEN') } } },
});
`,
  );
});
afterEach(async () => {
  for (const worker of workers) await worker.kill('SIGKILL');
  await system?.close();
  await hub?.close();
});

async function startWorker(): Promise<HookyardProcess> {
  const { data, temporal } = system.config;
  const env = {
    HOOKYARD_CONFIG: join(data, 'hookyard.config.ts'),
    HOOKYARD_AUTOMATIONS: join(packageRoot, 'test/activities/reconcile/automations'),
    HOOKYARD_TASK_QUEUE: temporal.taskQueue,
    TEMPORAL_ADDRESS: temporalAddress(),
    HOOKYARD_API_TOKEN: API_TOKEN,
    SECRET,
    TOKEN: 'canary-token',
  };
  const worker = await startHookyard(['worker'], { data, env });
  workers.add(worker);
  return worker;
}

/** Returns the workflow id of the one look that there is. */
async function look(): Promise<string> {
  const query = `WorkflowType = "hookyardReconcile" AND TaskQueue = "${system.config.temporal.taskQueue}"`;
  const found: string[] = [];
  for await (const { workflowId } of system.client.workflow.list({ query })) found.push(workflowId);
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

test('a look whose worker is killed half way goes on with another, and sends nothing twice', async () => {
  const hook = hub.addHook('/repos/acme/shop/hooks/7', `${system.receiver.url}/webhooks/${source}`);
  const tell = (minutes: number) => {
    const after = randomUUID().replaceAll('-', '').padEnd(40, '0');
    return hook.deliver('push', pushPayload({ after }), new Date(Date.now() - minutes * 60_000));
  };
  const all = [await tell(60)];
  await system.receiver.down();
  for (const minutes of [50, 40, 30, 20]) all.push(await tell(minutes));
  await system.receiver.up();

  let killed: Promise<unknown> | undefined;
  // It makes the source's Schedule, which looks at once.
  const starting = startWorker();
  hub.onRedelivery = async () => {
    // At its worst: the second one is sent, and the worker never hears that it was.
    if (hub.redelivered !== 2) return;
    killed ??= starting.then((first) => first.kill('SIGKILL'));
    await killed;
  };
  await expect.poll(() => killed, { timeout: 60_000 }).toBeDefined();
  await killed;
  await startWorker();
  expect((await system.client.workflow.getHandle(await look()).result()) as ReconcileResult).toMatchObject({
    outcome: 'passed',
    refused: 0,
    troubles: [],
  });

  const deliveries = await system.deliveries(source);
  expect(deliveries.map(({ key }) => key).sort()).toEqual([...all].sort());
  expect(hub.redelivered).toBe(4);
  expect(await system.runs(source, all.length)).toEqual(all.map((guid) => `told/${source}/${guid}`).sort());
}, 150_000);
