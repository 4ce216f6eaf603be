import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { waitingForClosing } from '../../../src/activities/runs/wait-for-closing.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { NewWait } from '../../../src/store/store.js';
import { pullRequest, push } from '../../../src/triggers/index.js';
import { aboutOf } from '../../../src/waits/about.js';
import { aDelivery } from '../../store/a-delivery.js';
import { tempFolder } from '../../support/temp-folder.js';
import { aPullRequest } from '../../waits/an-event.js';

test('a run that waits for the closing is told from others, before it is given that and afterwards', async () => {
  const store = await openSqliteStore({ path: join(await tempFolder('wait-for-closing'), 'store.db') });
  onTestFinished(() => store.close());
  const begin = aDelivery('begin', { events: [aPullRequest()], verdicts: [] });
  const closing = aDelivery('closing', { events: [aPullRequest({ action: 'closed' })], verdicts: [] });
  await store.inbox.accept(begin);
  const opens = (workflowId: string, on: NewWait['on'], more: Partial<NewWait> = {}) =>
    store.waits.open({
      ...{ id: workflowId, workflowId, runId: 'r', title: workflowId, on, source: 'hub', repository: '1', ...more },
      ...{ about: aboutOf(aPullRequest()), until: Date.now() + 60_000 },
      after: { deliveryId: begin.id, receivedAt: begin.receivedAt },
    });
  const closed = pullRequest({ actions: ['closed'] });
  await opens('waits', [push(), closed]);
  await opens('waits for more', [push(), pullRequest()]);
  await opens('ends by it', [closed], { ends: true });
  await store.inbox.accept(closing);
  const found = async () => {
    const waitsForIt = await waitingForClosing(store, { deliveryId: closing.id, source: closing.source });
    const runs = ['waits', 'waits for more', 'ends by it', 'works'];
    const all = await Promise.all(runs.map(async (run) => ((await waitsForIt(run)) ? [run] : [])));
    return all.flat();
  };
  expect(await found()).toEqual(['waits']);
  const [place] = await store.waits.toLookAt({ limit: 1 });
  if (!place) throw new Error('nothing is waited for');
  expect((await store.waits.look(place)).given.map(({ workflowId }) => workflowId).sort()).toEqual([
    'ends by it',
    'waits',
  ]);
  expect(await found()).toEqual(['waits']);
  // Another closing is none of its business any more.
  const other = await waitingForClosing(store, { deliveryId: begin.id, source: begin.source });
  expect(await other('waits')).toBe(false);
});
