import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROVIDERS } from '../../src/providers/index.js';
import type { Source } from '../../src/providers/source.js';
import type { DeliveriesAnswer } from '../../src/server/api/contract.js';
import { HttpError } from '../../src/server/http/http-error.js';
import { createSourceLimit } from '../../src/server/source-limit.js';
import { deliver } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { API_TOKEN } from '../support/harness/receiver-config.js';

type Limit = NonNullable<Source['limit']>;

/** Returns a function that sends at a second, and answers for how many seconds it is refused; 0: not at all. */
function sender(limit: Limit | undefined) {
  let now = 0;
  const limits = createSourceLimit(() => now);
  return (second: number, bytes = 100, name = 'github') => {
    now = second * 1_000;
    try {
      limits.take({ name, source: { limit }, bytes });
      return 0;
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 429) throw error;
      return Number(error.headers['retry-after']);
    }
  };
}

describe('the limit of a source', () => {
  test('lets everything through where none is set', () => {
    const send = sender(undefined);
    expect(Array.from({ length: 1_000 }, () => send(0, 10_000_000)).some(Boolean)).toBe(false);
  });

  test('lets through at once all that is allowed, and then as much as comes free, and says when', () => {
    const send = sender({ deliveries: 6, per: '1 minute' });
    expect(Array.from({ length: 8 }, () => send(0))).toEqual([0, 0, 0, 0, 0, 0, 10, 10]);
    // One more every ten seconds.
    expect([send(0.5), send(9.9), send(10.1), send(11.5)]).toEqual([10, 1, 0, 9]);
    // Whoever waits as told gets through, and a pause fills it up to no more than all.
    expect(Array.from({ length: 8 }, () => send(10_000)).filter((seconds) => seconds === 0)).toHaveLength(6);
  });

  test('of bytes lets a body through that is larger than all of it, and those behind it wait the longer', () => {
    const send = sender({ bytes: 1_000_000, per: '1 hour' });
    expect(send(0, 24_000_000)).toBe(0);
    expect(send(0, 10)).toBe(23 * 3_600 + 1);
    expect(send(23 * 3_600 - 10, 10)).toBe(11);
    expect(send(23 * 3_600 + 1, 10)).toBe(0);
  });

  test('counts what was refused for bytes not as a delivery, nor one source for another', () => {
    const send = sender({ deliveries: 2, bytes: 1_000, per: '1 hour' });
    expect(send(0, 1_000)).toBe(0);
    expect([send(0, 1), send(0, 1), send(0, 1)].every((seconds) => seconds > 0)).toBe(true);
    expect(send(0, 1, 'gitlab')).toBe(0);
    expect([send(1_800, 100), send(1_800, 100)]).toEqual([0, 0]);
  });

  test('tells how many of a source it has refused, until an hour after the last', () => {
    let now = 0;
    const limits = createSourceLimit(() => now);
    const source = { limit: { deliveries: 1, per: '1 day' } };
    const take = () => limits.take({ name: 'github', source, bytes: 1 });
    take();
    expect(limits.refused('github')).toBeUndefined();
    expect(take).toThrow(HttpError);
    now += 3_599_000;
    expect(take).toThrow(HttpError);
    now += 3_599_000;
    expect(limits.refused('github')).toMatchObject({ count: 2 });
    now += 1_001;
    expect(limits.refused('github')).toBeUndefined();
    expect(take).toThrow(HttpError);
    expect(limits.refused('github')).toMatchObject({ count: 1 });
    expect(limits.refused('gitlab')).toBeUndefined();
  });

  test('can be set for sources of every kind, and says something', () => {
    for (const [kind, { settings }] of Object.entries(PROVIDERS)) {
      const parse = (limit: unknown) => settings.shape.limit.safeParse(limit);
      expect(parse({ deliveries: 600 }).data, kind).toEqual({ deliveries: 600, per: '1 minute' });
      expect(parse({ bytes: 10_000_000, per: '1 day' }).success, kind).toBe(true);
      for (const wrong of [{}, { per: '1 day' }, { deliveries: 0 }, { bytes: 1 }, { deliveries: 1, per: '1 week' }])
        expect(parse(wrong).success, `${kind} ${JSON.stringify(wrong)}`).toBe(false);
    }
  });
});

describe('a receiver whose source has a limit', () => {
  let receiver: Receiver;
  beforeAll(async () => {
    const limit = { deliveries: 3, per: '1 hour' };
    receiver = await startReceiver({ config: { sources: { github: { options: { limit } }, other: {} } } });
  });
  afterAll(() => receiver.close());

  test('answers 429 with when to come again, keeps none of it, serves others, and logs the first', async () => {
    // What does not verify takes nothing of it.
    for (let n = 0; n < 5; n++)
      expect((await deliver(receiver.url, { body: uniquePush(), secret: 'a wrong one, and long' })).status).toBe(401);
    const answers = [];
    for (let n = 0; n < 8; n++) answers.push(await deliver(receiver.url, { body: uniquePush() }));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429, 429, 429, 429, 429]);
    const [refused] = answers.slice(3);
    expect(refused?.body.error).toBe(
      'this source has sent more than its limit of 3 deliveries in 1 hour allows: send it again later',
    );
    const seconds = Number(refused?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(1_200);
    expect(await receiver.store.inbox.list({ limit: 10 })).toHaveLength(3);
    expect((await deliver(receiver.url, { source: 'other', body: uniquePush() })).status).toBe(202);
    const listed = async (source: string) => {
      const headers = { authorization: `Bearer ${API_TOKEN}` };
      const answer = await fetch(`${receiver.url}/api/deliveries?source=${source}`, { headers });
      return (await answer.json()) as DeliveriesAnswer;
    };
    const { limited } = await listed('github');
    expect(limited).toEqual({ count: 5, last: expect.any(Number) });
    expect(await listed('other')).not.toHaveProperty('limited');
    const logged = receiver.kept.lines('delivery').filter(({ status }) => status === 429);
    expect(logged).toMatchObject([{ source: 'github', outcome: 'limited', because: refused?.body.error }]);
  });
});
