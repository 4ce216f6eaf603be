import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import type { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toFailure } from '../../src/dispatch/failure.js';
import { startOrSignal } from '../../src/dispatch/start.js';
import { connectEager } from '../../src/temporal/connect.js';
import { installRuntime } from '../../src/worker/runtime.js';
import { temporalAddress, testClient, unique } from '../support/temporal.js';
import { pushEvent } from '../triggers/sample-events.js';

/** How what goes wrong on a worker's connection is sorted: by the same rules as on a client's. */

const log = pino({ level: 'silent' });
const taskQueue = unique('native');
const sockets = new Set<Socket>();
let mode: 'pass' | 'hold' | 'cut' = 'pass';

/** Stands before the real server: passes on, keeps what comes to itself, or hangs up. */
const between = createServer((near) => {
  sockets.add(near);
  near.on('error', () => near.destroy()).on('close', () => sockets.delete(near));
  if (mode === 'cut') return void near.destroy();
  const url = new URL(`http://${temporalAddress()}`);
  const far = connect(Number(url.port), url.hostname);
  far.on('error', () => near.destroy()).on('close', () => near.destroy());
  near.on('close', () => far.destroy());
  near.on('data', (bytes) => mode === 'pass' && far.write(bytes));
  far.on('data', (bytes) => mode === 'pass' && near.write(bytes));
});

let connection: NativeConnection;
let client: Client;
let other: Awaited<ReturnType<typeof testClient>>;

beforeAll(async () => {
  installRuntime(log);
  other = await testClient();
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  connection = await NativeConnection.connect({ address: `127.0.0.1:${(between.address() as AddressInfo).port}` });
  client = connectEager({ namespace: 'default' }, connection);
});
beforeEach(() => {
  mode = 'pass';
});
afterAll(async () => {
  await connection?.close();
  for (const socket of sockets) socket.destroy();
  between.close();
  await other?.close();
});

const start = (workflowId = `ci/native/${randomUUID()}`, deadlineMs = 5_000) =>
  startOrSignal(
    { client, taskQueue, log, deadlineMs },
    { kind: 'start', id: workflowId, workflowId, automation: 'ci', event: pushEvent(), attempt: 1, since: 0 },
  );
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => toFailure(error),
  );

test('a run is started, and the same again is no failure', async () => {
  const id = `ci/native/${randomUUID()}`;
  expect((await start(id)).runId).toBeTypeOf('string');
  expect(await start(id)).toEqual({});
  await other.workflow.getHandle(id).terminate();
});

test('what Temporal will never take is refused, with its words', async () => {
  expect(await failureOf(start('x'.repeat(2_000)))).toMatchObject({
    kind: 'refused',
    error: expect.stringMatching(/^INVALID_ARGUMENT: .*exceeds/),
  });
});

test('a Temporal that keeps silent is away after the deadline', async () => {
  mode = 'hold';
  expect(await failureOf(start(undefined, 500))).toMatchObject({ kind: 'engine' });
});

test('a Temporal that is gone is away after the deadline, however long the connection would go on trying', async () => {
  mode = 'cut';
  for (const socket of sockets) socket.destroy();
  expect(await failureOf(start(undefined, 300))).toMatchObject({
    kind: 'engine',
    error: 'DEADLINE_EXCEEDED: no answer within 0.3 seconds',
  });
});

test('the same connection starts runs again when Temporal is back', async () => {
  for (const socket of sockets) socket.destroy();
  const id = `ci/native/${randomUUID()}`;
  await expect.poll(() => failureOf(start(id)), { timeout: 20_000 }).toBeUndefined();
  await other.workflow.getHandle(id).terminate();
});
