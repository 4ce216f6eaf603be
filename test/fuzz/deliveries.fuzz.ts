import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { knownSources } from '../../src/providers/known-sources.js';
import type { Source } from '../../src/providers/source.js';
import { createApp } from '../../src/server/app.js';
import { listen } from '../../src/server/listen.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { generic, pullRequest, push } from '../../src/triggers/index.js';
import { azureFixtures } from '../providers/azure-devops/fixtures.js';
import { bitbucketCloudFixtures } from '../providers/bitbucket-cloud/fixtures.js';
import { bitbucketDataCenterFixtures } from '../providers/bitbucket-data-center/fixtures.js';
import { giteaFixtures } from '../providers/gitea/fixtures.js';
import { gitlabFixtures } from '../providers/gitlab/fixtures.js';
import { kinds, senderOf, sourceOf } from '../providers/senders.js';
import { examples } from '../support/harness/delivery.js';
import { testConfig } from '../support/harness/receiver-config.js';
import { awayClient } from '../support/temporal.js';
import { mutate, randomFrom } from './mutate.js';

const COUNT = Number(process.env.FUZZ_COUNT || 50_000);
const SEED = Number(process.env.FUZZ_SEED || Date.now() % 1_000_000);

const small = [
  { type: 'payment_intent.succeeded', id: 'evt_1', data: { object: { id: 'pi_1', amount: 1 } } },
  { event_id: 'Ev1', event: { type: 'x' } },
];
const bodiesOf = (kind: Source['kind']): { event?: string; body: unknown }[] => {
  if (kind === 'github') return examples.map(({ event, payload }) => ({ event, body: payload }));
  if (kind === 'gitlab')
    return gitlabFixtures.map(({ headers, body }) => ({ event: headers?.['x-gitlab-event'] ?? '', body }));
  if (kind === 'azure-devops') return azureFixtures;
  if (kind === 'bitbucket-cloud' || kind === 'bitbucket-data-center') {
    const fixtures = kind === 'bitbucket-cloud' ? bitbucketCloudFixtures : bitbucketDataCenterFixtures;
    return fixtures.map(({ headers, body }) => ({ event: headers?.['x-event-key'] ?? '', body }));
  }
  const prefix = { gitea: 'x-gitea', forgejo: 'x-forgejo', gogs: 'x-gogs' }[kind as 'gitea'];
  if (prefix)
    return giteaFixtures(prefix).map(({ headers, body }) => ({ event: headers?.[`${prefix}-event`] ?? '', body }));
  return small.map((body) => ({ body }));
};

test(
  `${COUNT} spoiled deliveries over all kinds of sources break nothing`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hookyard-fuzz-'));
    const store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
    const sources = Object.fromEntries(kinds.map((kind) => [kind, sourceOf(kind)]));
    const config = { ...testConfig(), sources } as Config;
    const client = awayClient();
    const automations = [
      {
        name: 'all',
        file: 'all.ts',
        on: [push({ paths: ['**'] }), pullRequest({ forks: true }), generic({ types: ['**'] })],
      },
    ];
    const app = createApp({
      config,
      sources: knownSources(config.sources),
      store,
      client,
      log: pino({ level: 'silent' }),
      automations: () => automations,
      wake: () => undefined,
    });
    const receiver = await listen(app, { host: '127.0.0.1', port: 0 });
    const agent = new Agent({ connections: 16 });
    const random = randomFrom(SEED);
    const bodies = Object.fromEntries(kinds.map((kind) => [kind, bodiesOf(kind)]));
    const statuses: Record<string, number> = {};
    const memory: number[] = [];
    let left = COUNT;
    const sender = async () => {
      while (left-- > 0) {
        const kind = kinds[Math.floor(random() * kinds.length)] ?? 'github';
        const list = bodies[kind] ?? [];
        const { event, body } = list[Math.floor(random() * list.length)] ?? { body: {} };
        const bytes = mutate(body, random);
        const headers = {
          'content-type': 'application/json',
          ...senderOf(kind).headers(bytes, Date.now(), event || undefined),
        };
        const answer = await request(`${receiver.url}/webhooks/${kind}`, {
          method: 'POST',
          headers,
          body: bytes,
          dispatcher: agent,
        });
        await answer.body.dump();
        const status = String(answer.statusCode);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (answer.statusCode >= 500)
          console.log(`seed ${SEED}: ${kind} ${event ?? ''} ${answer.statusCode}: ${bytes.toString().slice(0, 2_000)}`);
        if (left % Math.ceil(COUNT / 10) === 0) memory.push(Math.round(process.memoryUsage().rss / 2 ** 20));
      }
    };
    try {
      await Promise.all(Array.from({ length: 16 }, sender));
      console.log(
        `seed ${SEED} (--seed repeats it), answers: ${JSON.stringify(statuses)}, memory in MB: ${memory.join(' ')}`,
      );
      expect(Object.keys(statuses).filter((status) => status === '400' || Number(status) >= 500)).toEqual([]);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
      // Steady: the second half of the run takes hardly more than the first had taken.
      const half = memory[Math.floor(memory.length / 2)] ?? 0;
      expect(memory.at(-1) ?? 0).toBeLessThan(half * 1.5 + 100);
    } finally {
      await agent.close();
      await receiver.close();
      await client.connection.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  15 * 60_000,
);
