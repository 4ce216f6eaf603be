import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLoopGuard } from '../../src/intake/loop-guard.js';
import { knownSources } from '../../src/providers/known-sources.js';
import { createApp } from '../../src/server/app.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { push } from '../../src/triggers/index.js';
import { gitlabFixtures } from '../providers/gitlab/fixtures.js';
import { senderOf, sourceOf } from '../providers/senders.js';
import type { Answer } from '../support/harness/delivery.js';
import { testConfig } from '../support/harness/receiver-config.js';
import { tempFolder } from '../support/temp-folder.js';
import { awayClient } from '../support/temporal.js';

const HOUR = 3_600_000;
const at = (minutes: number) => minutes * 60_000;

/** A delivery of its own each time. */
function link(chain: string, minutes: number, source = 'gitlab') {
  return { source, chain, key: randomUUID(), at: at(minutes) };
}

describe('the loop guard', () => {
  const limits = { most: 3, windowMs: HOUR, remembered: 4 };

  it('the loop guard lets an action come as often as is allowed, and calls the next one a loop', () => {
    const guard = createLoopGuard(limits);
    const answers = [0, 1, 2, 3, 4].map((n) => guard.look(link('a', n)));
    expect(answers).toEqual([
      undefined,
      undefined,
      undefined,
      'the same action has come back 4 times: a loop',
      'the same action has come back 5 times: a loop',
    ]);
  });

  it('the loop guard counts a delivery once that is sent again, because it was not stored the first time', () => {
    const guard = createLoopGuard(limits);
    const three = [link('a', 0), link('a', 0), link('a', 0)];
    expect([...three, ...three, ...three].map(guard.look).filter(Boolean)).toEqual([]);
    expect(guard.look(link('a', 1))).toMatch('come back 4 times');
  });

  it('the loop guard counts each source and each action by itself', () => {
    const guard = createLoopGuard(limits);
    const links = [0, 1, 2].flatMap((n) => [link('a', n), link('b', n), link('a', n, 'other')]);
    expect(links.map(guard.look).filter(Boolean)).toEqual([]);
  });

  it('the loop guard looks at any hour, wherever it begins, and forgets what is older', () => {
    const guard = createLoopGuard(limits);
    const look = (minutes: number) => guard.look(link('a', minutes));
    // Four, never within one hour.
    expect([0, 25, 50, 75, 100].map(look)).toEqual(Array(5).fill(undefined));
    // 50, 75, 100 and this one are.
    expect(look(101)).toMatch('a loop');
    expect(look(300)).toBeUndefined();
  });

  it('the loop guard counts within less than an hour, and not what came just an hour before', () => {
    const beginnings = [60, 59].map((last) => {
      const guard = createLoopGuard(limits);
      return [0, 1, 2, last].map((minutes) => guard.look(link('a', minutes))).at(-1);
    });
    expect(beginnings).toEqual([undefined, 'the same action has come back 4 times: a loop']);
  });

  it('the loop guard says how often it came since it was last quiet for an hour', () => {
    const guard = createLoopGuard(limits);
    const look = (minutes: number) => guard.look(link('a', minutes));
    [0, 1, 2, 3, 4].map(look);
    expect([100, 101, 102, 103].map(look).at(-1)).toMatch('come back 4 times');
  });

  it('the loop guard remembers so many and forgets the one that has been quiet for longest', () => {
    const guard = createLoopGuard(limits);
    const look = (chain: string) => guard.look(link(chain, 0));
    for (const chain of ['a', 'a', 'a', 'b', 'b', 'b', 'a', 'c', 'd', 'e']) look(chain);
    // b is forgotten, a was looked at since.
    expect(look('a')).toMatch('a loop');
    expect(look('b')).toBeUndefined();
  });
});

describe('a GitLab source', () => {
  let folder: string;
  let store: Store;
  let away: Client;
  let receiver: Listening;
  let now = Date.parse('2026-11-24T08:00:00Z');
  let sent = 0;

  beforeAll(async () => {
    folder = await tempFolder('loop');
    store = await openSqliteStore({ path: join(folder, 'store.db') });
    away = awayClient();
    const sources = { gitlab: sourceOf('gitlab'), other: sourceOf('gitlab') };
    const app = createApp({
      config: { ...testConfig(), sources },
      sources: knownSources(sources),
      store,
      client: away,
      log: pino({ level: 'silent' }),
      automations: () => [{ name: 'ci', file: 'ci.ts', on: [push()] }],
      wake: () => undefined,
      now: () => now,
    });
    receiver = await listen(app, { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await receiver.close();
    await store.close();
    await away.connection.close();
  });

  /** A push of its own each time, marked as a part of an action. */
  async function deliver(mark: Record<string, string>, source = 'gitlab') {
    sent += 1;
    const push = { ...(gitlabFixtures[0].body as object), after: sent.toString(16).padStart(40, 'a') };
    const body = Buffer.from(JSON.stringify(push));
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      ...senderOf('gitlab').headers(body, now),
      ...mark,
    };
    const response = await fetch(`${receiver.url}/webhooks/${source}`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    return { status: response.status, ...((await response.json()) as Answer), key: headers['webhook-id'] ?? '' };
  }

  const times = async (count: number, mark: Record<string, string>, source?: string) => {
    const answers = [];
    for (let n = 0; n < count; n += 1) answers.push(await deliver(mark, source));
    return answers;
  };

  it('a GitLab source stores the 21st delivery of one action as ignored, and starts nothing for it', async () => {
    const mark = { 'x-gitlab-event-uuid': 'round-and-round' };
    const fine = await times(20, mark);
    expect(fine.map(({ runs }) => runs?.length)).toEqual(Array(20).fill(1));
    const [looping] = await times(1, mark);
    expect(looping).toMatchObject({ status: 202, ignored: 'the same action has come back 21 times: a loop' });
    expect(await store.inbox.find(looping?.key ?? '')).toMatchObject({
      ignored: 'the same action has come back 21 times: a loop',
      dispatches: [],
    });
    expect((await times(1, mark, 'other'))[0]?.runs).toHaveLength(1);
    now += HOUR + 1;
    expect((await times(1, mark))[0]?.runs).toHaveLength(1);
  });

  it('a GitLab source takes two deliveries of one action for two', async () => {
    const answers = await times(2, { 'x-gitlab-event-uuid': 'twice' });
    expect(answers.map(({ duplicate }) => duplicate)).toEqual([undefined, undefined]);
    expect(new Set(answers.map(({ delivery }) => delivery)).size).toBe(2);
  });

  it('a GitLab source counts nothing that has no mark, or one of no shape', async () => {
    const answers = [...(await times(22, {})), ...(await times(22, { 'x-gitlab-event-uuid': 'a b' }))];
    expect(answers.filter(({ ignored }) => ignored)).toEqual([]);
  });

  it('a GitLab source does not count what nobody signed', async () => {
    const forged = { 'x-gitlab-event-uuid': 'forged', 'webhook-signature': `v1,${'A'.repeat(43)}=` };
    expect((await times(21, forged)).map(({ status }) => status)).toEqual(Array(21).fill(401));
    expect((await times(1, { 'x-gitlab-event-uuid': 'forged' }))[0]?.ignored).toBeUndefined();
  });
});
