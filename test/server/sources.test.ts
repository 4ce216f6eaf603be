import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SourcesAnswer } from '../../src/server/api/contract.js';
import { deliver } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { SECRET } from '../support/harness/receiver-config.js';
import { ask, askApi } from './page/ask.js';

const SIGNING = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver({
    config: {
      sources: {
        github: { options: { limit: { deliveries: 1, per: '1 hour' } } },
        gitlab: { options: { kind: 'gitlab' }, secrets: [SIGNING, 'a plain secret token of GitLab'] },
        old: { enabled: false },
      },
    },
  });
});
afterAll(() => receiver.close());

const named = async (name: string) =>
  ((await askApi(receiver, '/api/sources')) as SourcesAnswer).sources.find((source) => source.name === name);

test('a source tells how it is verified, what came last, what failed, and what was refused for its limit', async () => {
  expect(await named('github')).toMatchObject({
    ...{ kind: 'github', enabled: true, failed: [] },
    verifiedBy: expect.stringContaining('X-Hub-Signature-256'),
    findings: [
      { level: 'ok', says: expect.stringMatching(/^github, verified by .*; 1 secret$/) },
      { level: 'warn', says: 'nothing that could be verified has come in', advice: expect.any(String) },
    ],
  });
  const { body } = await deliver(receiver.url, { body: uniquePush() });
  const again = await deliver(receiver.url, { body: uniquePush() });
  expect(again.status).toBe(429);
  const [run] = body.runs ?? [];
  await receiver.store.inbox.settle([{ id: run ?? '', outcome: 'failed', error: 'no such workflow type' }]);
  // All who ask within two seconds share an answer.
  await expect
    .poll(() => named('github'), { timeout: 10_000, interval: 300 })
    .toMatchObject({
      lastDelivery: { id: body.delivery, eventName: 'push' },
      limited: 1,
      failed: [{ id: body.delivery, eventName: 'push', error: 'no such workflow type' }],
      findings: [{ level: 'ok' }, { level: 'problem', says: expect.stringContaining('answered 429') }],
    });
});

test('what a secret is kept in tells by its kind, and no secret is in the answer or on the page', async () => {
  expect((await named('gitlab'))?.findings).toContainEqual(
    expect.objectContaining({ level: 'warn', says: expect.stringContaining('a plain secret token stands beside') }),
  );
  const { text } = await ask(receiver, '/sources');
  const json = JSON.stringify(await askApi(receiver, '/api/sources'));
  for (const secret of [SECRET, SIGNING, 'a plain secret token of GitLab']) {
    expect(json).not.toContain(secret);
    expect(text).not.toContain(secret);
  }
  expect(text).toContain('a plain secret token stands beside');
});

test('a source that is off is listed, and said to be off', async () => {
  expect(await named('old')).toMatchObject({ enabled: false });
  expect((await named('old'))?.findings[0]).toMatchObject({ level: 'warn', says: expect.stringContaining('disabled') });
});

test('sources are found by a part of their names, and listed a page at a time, as they are configured', async () => {
  const listed = async (query: string) => {
    const { sources, next } = (await askApi(receiver, `/api/sources?${query}`)) as SourcesAnswer;
    return [sources.map(({ name }) => name), next];
  };
  const [all] = await listed('');
  expect(await listed('named=GIT')).toEqual([(all as string[]).filter((name) => name.includes('git')), undefined]);
  expect(await listed('limit=1')).toEqual([all?.slice(0, 1), all?.[0]]);
  expect(await listed(`limit=1&after=${all?.[0]}`)).toEqual([all?.slice(1, 2), all?.[1]]);
  expect((await ask(receiver, '/sources?after=gone')).status).toBe(400);
  expect((await ask(receiver, '/sources?named=nothing')).text).toContain('is called so');
});

test('the JSON of the view is what the API answers', async () => {
  const { text } = await ask(receiver, '/sources.json');
  expect(JSON.parse(text)).toEqual(await askApi(receiver, '/api/sources'));
});
