import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { maskOf } from '../../src/secrets/mask.js';
import { Secret } from '../../src/secrets/secret.js';
import { maskActivities } from '../../src/worker/mask-activities.js';

const CANARY = 'canary-0123456789';

/** Runs `work` as an activity is run. */
async function run(work: () => Promise<unknown>, context: object = {}): Promise<unknown> {
  const { inbound } = maskActivities(maskOf([new Secret(CANARY)]))(context as never);
  return inbound?.execute?.({ args: [], headers: {} }, work);
}

test('the result of an activity holds no secret', async () => {
  expect(await run(async () => ({ url: `https://x.example/${CANARY}`, n: 1 }))).toEqual({
    url: 'https://x.example/***',
    n: 1,
  });
  expect(await run(async () => undefined)).toBeUndefined();
});

test('the failure of an activity holds no secret, and is retried or not as it said', async () => {
  const failure = ApplicationFailure.nonRetryable(`no to ${CANARY}`, 'Refused', { said: CANARY });
  const failing = run(async () => {
    throw failure;
  });
  await expect(failing).rejects.toBe(failure);
  expect(failure).toMatchObject({
    message: 'no to ***',
    type: 'Refused',
    nonRetryable: true,
    details: [{ said: '***' }],
  });
  await expect(run(() => Promise.reject(new TypeError(CANARY)))).rejects.toThrow(new TypeError('***'));
});

test('the details of heartbeats hold no secret', async () => {
  const sent: unknown[] = [];
  const heartbeat = (details?: unknown) => void sent.push(details);
  const context = { heartbeat };
  await run(async () => {
    context.heartbeat({ at: `https://x.example/${CANARY}`, page: 2 });
    context.heartbeat();
  }, context);
  expect(sent).toEqual([{ at: 'https://x.example/***', page: 2 }, undefined]);
});
