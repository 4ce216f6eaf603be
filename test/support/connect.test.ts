import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startProxy } from '../faults/proxy.js';
import { connectTo } from './connect.js';
import { temporalAddress } from './temporal.js';

test('a connection may be closed while a call is tried again', async () => {
  const proxy = await startProxy(Number(new URL(`http://${temporalAddress()}`).port));
  const connection = await connectTo(proxy.address);
  await proxy.close();
  let ended = false;
  const call = connection.workflowService.getSystemInfo({}).catch(() => undefined);
  void call.then(() => {
    ended = true;
  });
  await wait(200);
  expect(ended).toBe(false);
  await connection.close();
  // Longer than the pause before the next try.
  await wait(2_000);
});
