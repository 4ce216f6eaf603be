import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeliveryDiff, ShownDelivery } from '../../src/server/api/contract.js';
import { deliver } from '../support/harness/delivery.js';
import { pullRequestPayload, pushPayload, repository } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { ask, askApi } from './page/ask.js';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

async function received(event: string, payload: object, headers: Record<string, string> = {}): Promise<string> {
  const { body } = await deliver(receiver.url, { event, body: JSON.stringify(payload), headers });
  return body.delivery ?? '';
}

async function diffOf(id: string): Promise<DeliveryDiff | undefined> {
  const { diff } = (await askApi(receiver, `/api/deliveries/${id}?diff=true`)) as ShownDelivery;
  return diff;
}

test('a delivery is compared with the one before of the same event, action and repository', async () => {
  const other = { ...repository, id: 43, full_name: 'acme/blog' };
  const first = await received('push', pushPayload());
  await received('push', pushPayload({ repository: other, ref: 'refs/heads/elsewhere' }));
  await received('pull_request', pullRequestPayload());
  const labeled = await received('pull_request', pullRequestPayload({ action: 'labeled' }));
  const second = await received('push', pushPayload({ ref: 'refs/heads/master', created: true }), { 'x-more': 'told' });
  const diff = await diffOf(second);
  expect(diff?.with?.id).toBe(first);
  expect(diff?.body?.shown).toEqual([
    { path: 'ref', before: '"refs/heads/main"', after: '"refs/heads/master"' },
    { path: 'created', before: 'false', after: 'true' },
  ]);
  expect(diff?.headers?.shown).toContainEqual({ path: 'x-more', after: '"told"' });
  // The one before was opened, and nothing was labeled before.
  expect(await diffOf(labeled)).toEqual({ because: expect.stringContaining('none of its kind') });
});

test('nothing is compared where it is not asked for, and the page shows what its JSON has', async () => {
  const id = await received('push', pushPayload({ ref: 'refs/heads/<b>' }));
  expect(await askApi(receiver, `/api/deliveries/${id}`)).not.toHaveProperty('diff');
  const { text } = await ask(receiver, `/deliveries/${id}`);
  expect(text).toContain('Since the one before of its kind');
  expect(text).toContain('refs/heads/&lt;b>');
  const json = JSON.parse((await ask(receiver, `/deliveries/${id}.json`)).text) as ShownDelivery;
  expect(json.diff).toEqual(await diffOf(id));
});

test('bodies that would take long are not compared, and it is said why', async () => {
  await received('push', pushPayload());
  const large = await received('push', pushPayload({ padding: 'x'.repeat(1024 * 1024) }));
  const diff = await diffOf(large);
  expect(diff).toMatchObject({ because: expect.stringContaining('up to 1 MB is compared'), headers: {} });
  expect(diff).not.toHaveProperty('body');
});
