import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listOutbound, type OutboundQuery } from '../../../../src/server/api/outbound/list.js';
import { openPostgresStore } from '../../../../src/store/postgres/open.js';
import { openSqliteStore } from '../../../../src/store/sqlite/open.js';
import type { OutboundAttempt, Store } from '../../../../src/store/store.js';
import { testDatabase } from '../../../support/postgres.js';
import { tempFolder } from '../../../support/temp-folder.js';

/** An attempt to tell the partner, with whatever a test wants to be different. */
const attempt = (messageId: string, change: Partial<OutboundAttempt> = {}): OutboundAttempt => ({
  ...{ messageId, endpoint: 'partner', run: 'ci/github/1', attempt: 1, at: 1_000, durationMs: 12, status: 200 },
  ...{ answer: `to ${messageId}` },
  ...change,
});

const STORES: Readonly<Record<string, () => Promise<{ store: Store; remove: () => Promise<unknown> }>>> = {
  SQLite: async () => {
    const store = await openSqliteStore({ path: join(await tempFolder('outbound'), 'store.db') });
    return { store, remove: () => store.close() };
  },
  Postgres: async () => {
    const database = await testDatabase();
    const store = await openPostgresStore({ url: database.url, migrate: 'apply' });
    return { store, remove: () => store.close().finally(() => database.drop()) };
  },
};

describe.each(Object.keys(STORES))('outbound messages in %s', (name) => {
  let opened: { store: Store; remove: () => Promise<unknown> };
  beforeEach(async () => {
    opened = await (STORES[name] as (typeof STORES)[string])();
  });
  afterEach(() => opened.remove());
  const list = (query: Partial<OutboundQuery> = {}) => listOutbound(opened.store.attempts, { limit: 50, ...query });

  test('messages are listed by their last attempt, the newest first, each with how it stands', async () => {
    const given = [
      attempt('a', { status: 503, error: 'away' }),
      attempt('b', { at: 2_000 }),
      attempt('a', { at: 3_000, attempt: 2 }),
      attempt('c', { at: 4_000, status: 404 }),
      attempt('d', { at: 5_000, status: 429 }),
      attempt('a', { at: 6_000, endpoint: 'other', status: 301 }),
    ];
    for (const one of given) await opened.store.attempts.add(one);
    const { status: _, answer: __, ...unanswered } = attempt('e', { at: 7_000, error: 'did not answer' });
    await opened.store.attempts.add(unanswered);
    const { messages, more } = await list();
    expect(messages.map(({ message, endpoint, state }) => `${message} to ${endpoint}: ${state}`)).toEqual([
      'e to partner: failing',
      'a to other: failing',
      'd to partner: failing',
      'c to partner: refused',
      'a to partner: delivered',
      'b to partner: delivered',
    ]);
    expect(more).toBeUndefined();
    expect(messages[4]).toEqual({
      ...{ message: 'a', endpoint: 'partner', run: 'ci/github/1', state: 'delivered' },
      attempts: [
        { attempt: 2, at: 3_000, durationMs: 12, status: 200 },
        { attempt: 1, at: 1_000, durationMs: 12, status: 503, error: 'away' },
      ],
    });
  });

  test('all messages are listed page by page, each once by its last attempt, also where several were tried at once', async () => {
    for (const at of [1_000, 2_000, 3_000, 3_000, 3_000, 4_000])
      await opened.store.attempts.add(attempt(`m${at}-${Math.random()}`, { at }));
    await opened.store.attempts.add(attempt('again', { at: 1_500, status: 503 }));
    await opened.store.attempts.add(attempt('again', { at: 3_500, attempt: 2 }));
    const all = (await list()).messages.map(({ message, state }) => [message, state]);
    expect(all).toHaveLength(7);
    for (const limit of [1, 2, 3, 5]) {
      const seen: unknown[] = [];
      let before: number | undefined;
      do {
        const page = await list({ limit, before });
        seen.push(...page.messages.map(({ message, state }) => [message, state]));
        before = page.next;
      } while (before !== undefined);
      // Within a millisecond they have no order.
      expect(seen.map((one) => JSON.stringify(one)).sort()).toEqual(all.map((one) => JSON.stringify(one)).sort());
    }
  });

  test('those that were refused, or fail, are found among many that were not', async () => {
    await opened.store.attempts.add(attempt('refused', { at: 10, status: 404 }));
    await opened.store.attempts.add(attempt('failing', { at: 20, status: 503 }));
    // It was taken at last.
    await opened.store.attempts.add(attempt('taken', { at: 30, status: 503 }));
    for (let at = 1; at <= 120; at++) await opened.store.attempts.add(attempt(`m${at}`, { at: 100 + at }));
    await opened.store.attempts.add(attempt('taken', { at: 300, attempt: 2 }));
    const named = async (state: OutboundQuery['state']) =>
      (await list({ state, limit: 20 })).messages.map(({ message }) => message);
    expect(await named('refused')).toEqual(['refused']);
    expect(await named('failing')).toEqual(['failing']);
  });

  test('the attempts of one message go on over pages, which all tell how it stands now', async () => {
    for (const number of [1, 2, 3])
      await opened.store.attempts.add(
        attempt('a', { at: number * 1_000, attempt: number, status: number === 3 ? 200 : 503 }),
      );
    const { messages, next } = await list({ message: 'a', limit: 2, before: 3_000 });
    expect(messages).toMatchObject([{ state: 'delivered', attempts: [{ attempt: 2 }, { attempt: 1 }] }]);
    expect(next).toBeUndefined();
  });

  test('one that is named comes with what was answered, and a list that ends early says so', async () => {
    for (const at of [1_000, 2_000, 3_000]) await opened.store.attempts.add(attempt('a', { at, attempt: at / 1_000 }));
    await opened.store.attempts.add(attempt('b', { endpoint: 'other' }));
    const [named] = (await list({ message: 'a' })).messages;
    expect(named?.attempts.map(({ attempt: number, answer }) => [number, answer])).toEqual([
      [3, 'to a'],
      [2, 'to a'],
      [1, 'to a'],
    ]);
    expect((await list({ endpoint: 'other' })).messages.map(({ message }) => message)).toEqual(['b']);
    expect((await list({ message: 'a', limit: 2 })).more).toBe(true);
    expect(await list({ message: 'nothing' })).toEqual({ messages: [] });
  });
});
