import { Client, type Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectTo } from '../support/connect.js';
import { temporalAddress, testClient, unique } from '../support/temporal.js';
import { type CallProxy, type Fate, startCallProxy } from './call-proxy.js';

let proxy: CallProxy;
let connection: Connection;
let near: Client;
let direct: Awaited<ReturnType<typeof testClient>>;

beforeEach(async () => {
  direct = await testClient();
  proxy = await startCallProxy(Number(temporalAddress().split(':').pop()));
  connection = await connectTo(`127.0.0.1:${proxy.port}`);
  near = new Client({ connection });
});
afterEach(async () => {
  await connection.close();
  await proxy.close();
  await direct.close();
});

/** Starts one run through the proxy, whose start it has this in store for; answers the run's name and the error. */
async function start(fate: Fate): Promise<{ workflowId: string; code: number | undefined; ms: number }> {
  const workflowId = unique('proxied');
  proxy.set(({ method, message }) =>
    method === 'StartWorkflowExecution' && message.includes(workflowId) ? fate : { kind: 'pass' },
  );
  const began = performance.now();
  const code = await near
    .withDeadline(Date.now() + 30_000, () =>
      near.workflow.start('nothing', { workflowId, taskQueue: 'nobody-polls-this', args: ['x'.repeat(100_000)] }),
    )
    .then(
      () => undefined,
      (error: unknown) => {
        const cause = error instanceof ServiceError ? error.cause : error;
        if (isGrpcServiceError(cause)) return cause.code;
        throw error;
      },
    );
  return { workflowId, code, ms: performance.now() - began };
}

const isThere = (workflowId: string) =>
  direct.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => true,
      () => false,
    );

test('calls go through as if nobody stood between', async () => {
  const { workflowId, code } = await start({ kind: 'pass' });
  expect(code).toBeUndefined();
  expect((await near.workflow.getHandle(workflowId).describe()).workflowId).toBe(workflowId);
  await expect(near.workflow.getHandle(unique('none')).describe()).rejects.toThrow(/not found/i);
});

test('an answer comes late', async () => {
  const { workflowId, code, ms } = await start({ kind: 'late', ms: 700 });
  expect(code).toBeUndefined();
  expect(ms).toBeGreaterThanOrEqual(690);
  expect(await isThere(workflowId)).toBe(true);
});

test('a call that is refused reaches nobody', async () => {
  // PERMISSION_DENIED: one that the client does not try again by itself.
  const { workflowId, code } = await start({ kind: 'refused', status: 7 });
  expect(code).toBe(7);
  expect(await isThere(workflowId)).toBe(false);
});

test('a call whose answer is lost was done', async () => {
  const { workflowId, code } = await start({ kind: 'lost', status: 7 });
  expect(code).toBe(7);
  expect(await isThere(workflowId)).toBe(true);
});
