import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { comment } from '../../src/triggers/index.js';
import { aboutOf } from '../../src/waits/about.js';
import { tempFolder } from '../support/temp-folder.js';
import { aComment, aPullRequest } from '../waits/an-event.js';
import { aDelivery } from './a-delivery.js';
import { describeWaits } from './waits-conformance.js';

describeWaits('SQLite', async () => {
  const folder = await tempFolder('waits');
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  return { store, remove: () => rm(folder, { recursive: true, force: true }) };
});

test('a run that waited when an older version deleted all deliveries gets what arrives', async () => {
  const path = join(await tempFolder('waits'), 'store.db');
  const place = { source: 'hub', repository: '1' };
  const begin = aDelivery('begin', { events: [aPullRequest()], verdicts: [] });
  const before = await openSqliteStore({ path });
  await before.inbox.accept(begin);
  await before.waits.open({
    ...{ ...place, id: 'w', workflowId: 'preview/1', runId: 'r', title: 'a comment about #7', on: [comment()] },
    ...{ about: aboutOf(aPullRequest()), until: Date.now() + 3_600_000 },
    after: { deliveryId: begin.id, receivedAt: begin.receivedAt },
  });
  await before.close();
  const file = new Database(path);
  file.exec('UPDATE waits SET seen = 3; DELETE FROM bodies; DELETE FROM deliveries');
  file.close();
  const store = await openSqliteStore({ path });
  try {
    expect(await store.inbox.prune({ before: 0, limit: 100 })).toBe(0);
    const first = aDelivery('first', { events: [aComment()], verdicts: [] });
    await store.inbox.accept(first);
    expect((await store.waits.look(place)).given).toEqual([{ workflowId: 'preview/1', deliveryId: first.id }]);
  } finally {
    await store.close();
  }
});
