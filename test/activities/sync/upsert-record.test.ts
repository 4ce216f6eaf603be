import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordInput } from '../../../src/activities/contract/index.js';
import { createUpsertRecord } from '../../../src/activities/sync/upsert-record.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { activity, failureOf } from '../../support/harness/activity.js';
import { tempFolder } from '../../support/temp-folder.js';

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await tempFolder('records');
  store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
});
afterAll(async () => {
  await store.close();
});

let keys = 0;
/** A key that no other test has. */
const newKey = () => `key-${++keys}`;

function upsert(record: Partial<Record<keyof RecordInput, unknown>>) {
  const whole = { collection: 'repositories', key: 'key', version: 1, data: null, ...record } as RecordInput;
  return activity().run(createUpsertRecord({ store } as Parameters<typeof createUpsertRecord>[0]), whole);
}
const stored = (key: string) => store.records.get('repositories', key);

test.each([
  ['numbers', [2, 10, 9.5]],
  ['times', ['2026-11-24T09:00:00Z', '2026-11-24T10:00:00Z', '2026-11-24T09:30:00Z']],
])('the newest version stays, in whatever order they come: %s', async (_, [first, newest, late]) => {
  const key = newKey();
  expect(await upsert({ key, version: first, data: { n: 1 } })).toEqual({ outcome: 'written' });
  expect(await upsert({ key, version: newest, data: { n: 2 } })).toEqual({ outcome: 'written' });
  expect(await upsert({ key, version: late, data: { n: 3 } })).toEqual({ outcome: 'older' });
  expect(await upsert({ key, version: newest, data: { n: 2 } })).toEqual({ outcome: 'unchanged' });
  expect(await stored(key)).toMatchObject({ version: newest, data: { n: 2 } });
});

test('no data is null', async () => {
  const key = newKey();
  await upsert({ key, data: undefined });
  expect(await stored(key)).toMatchObject({ data: null });
});

test('names are taken up to their limit, in any language', async () => {
  for (const name of ['x'.repeat(255), 'é'.repeat(127), '🎉 a/b', '__proto__']) {
    expect(await upsert({ key: name, collection: name })).toEqual({ outcome: 'written' });
    expect(await store.records.get(name, name)).toMatchObject({ key: name, collection: name });
  }
});

test.each<[string, Partial<Record<keyof RecordInput, unknown>>, RegExp]>([
  ['no name', { key: '' }, /record's key/],
  ['a long name', { key: 'x'.repeat(256) }, /record's key must be text of 1 to 255 bytes/],
  ['a name that is long in bytes', { key: 'é'.repeat(128) }, /record's key/],
  ['a name that is none', { key: 7 }, /record's key .* not 7/],
  ['a name that is missing', { collection: undefined }, /record's collection .* not nothing/],
  ['a name with a NUL', { key: 'a\0b' }, /record's key/],
  ['a name with half a character', { collection: 'a\ud83c' }, /record's collection/],
  ['a version that is no number any more', { version: null }, /a version that is a finite number.* not null/],
  ['a version that is infinite', { version: Number.POSITIVE_INFINITY }, /a finite number/],
  ['a version of another kind', { version: true }, /a finite number.* not true/],
  ['an empty version', { version: '' }, /a finite number/],
  ['a long version', { version: 'x'.repeat(256) }, /a finite number/],
  ['data over 1 MB', { data: 'x'.repeat(1024 * 1024) }, /larger than 1 MB/],
  ['data that is over 1 MB in bytes', { data: 'é'.repeat(600 * 1024) }, /larger than 1 MB/],
])('a record with %s is refused for good', async (_, record, words) => {
  const key = newKey();
  const failure = await failureOf(upsert({ key, ...record }), 'canary');
  expect(failure).toMatchObject({ nonRetryable: true, type: 'Refused', message: expect.stringMatching(words) });
  expect(failure.message.length).toBeLessThan(500);
  expect(await stored(key)).toBeUndefined();
});

test.each([
  [1, '2026-11-24'],
  ['2026-11-24', 1],
])(
  'a version that can’t be compared with the one that is there is refused for good: %j, then %j',
  async (first, second) => {
    const key = newKey();
    await upsert({ key, version: first, data: 'first' });
    expect(await failureOf(upsert({ key, version: second, data: 'second' }), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'Refused',
      message: expect.stringContaining("can't be compared"),
    });
    expect(await stored(key)).toMatchObject({ version: first, data: 'first' });
  },
);

test('a store that can’t write is tried again', async () => {
  const closed = await openSqliteStore({ path: join(folder, 'closed.db') });
  await closed.close();
  const activityOfClosed = createUpsertRecord({ store: closed } as Parameters<typeof createUpsertRecord>[0]);
  const error = await activity()
    .run(activityOfClosed, { collection: 'a', key: 'b', version: 1, data: null })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toHaveProperty('nonRetryable', true);
});
