import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editedKey } from '../../src/events/edited-key.js';
import { newestFirst } from '../../src/store/newest-first.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { tempFolder } from '../support/temp-folder.js';
import { pushEvent } from '../triggers/sample-events.js';
import { aDelivery } from './a-delivery.js';

test('deliveries of a source come from the newest on, without those that somebody has edited', async () => {
  const folder = await tempFolder('newest-first');
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  try {
    const at = Date.now();
    const edited = editedKey(`d${'0'.repeat(24)}`, 'once-and-again');
    for (const [i, key] of ['one', edited, 'two'].entries())
      await store.inbox.accept(aDelivery(key, { receivedAt: at + i }));
    await store.inbox.accept(aDelivery('elsewhere', { source: 'other', receivedAt: at + 9 }));
    const keys: string[] = [];
    for await (const { key } of newestFirst(store.inbox, 'hub')) keys.push(key);
    expect(keys).toEqual(['two', 'one']);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('of one repository, they are those about it', async () => {
  const folder = await tempFolder('newest-first');
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  try {
    for (const [key, fullName] of [
      ['one', 'acme/app'],
      ['two', 'acme/shop'],
    ] as const)
      await store.inbox.accept(
        aDelivery(key, {
          events: [
            pushEvent({ repository: { id: key, fullName, url: `https://git.example/${fullName}`, private: false } }),
          ],
        }),
      );
    const keysOf = async (repository?: string) => {
      const keys: string[] = [];
      for await (const { key } of newestFirst(store.inbox, 'hub', repository === undefined ? {} : { repository }))
        keys.push(key);
      return keys.sort();
    };
    expect([await keysOf('acme/shop'), await keysOf()]).toEqual([['two'], ['one', 'two']]);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
