import { join } from 'node:path';
import { expect, test } from 'vitest';
import { handedOverBetween, waitingIn } from '../../../src/store/backup/between.js';
import { openSnapshot } from '../../../src/store/backup/snapshot.js';
import type { Inbox } from '../../../src/store/store.js';
import { aDelivery } from '../a-delivery.js';
import { aDataFolder, writeRuns } from './a-data-folder.js';

/** Hands all that waits over to Temporal, as far as the store knows. */
async function handOver(inbox: Inbox): Promise<void> {
  const claimed = await inbox.claim({ limit: 100, leaseMs: 60_000 });
  await inbox.settle(claimed.map(({ id }) => ({ id, outcome: 'done' })));
}

test('what was handed over between the two copies is told apart by what Temporal knows', async () => {
  // k1 is done; k2, k3 and a signal wait.
  const { data, store } = await aDataFolder();
  const first = openSnapshot(join(data, 'hookyard.db'));
  const before = waitingIn(first);
  first.close();
  // Of what waited then, Temporal got k2 before it was copied.
  writeRuns(data, ['ci/hub/k1', 'ci/hub/k2', 'ci/hub/k5']);
  await store.inbox.accept(aDelivery('k4'));
  await handOver(store.inbox);
  await store.inbox.accept(aDelivery('k5'));
  await store.inbox.accept(aDelivery('k6'));
  const runs = openSnapshot(join(data, 'temporal.db'));
  const later = openSnapshot(join(data, 'hookyard.db'));
  const found = handedOverBetween({ before, runs, store: later });
  const names = (seqs: readonly number[]) =>
    later
      .rows<{ id: string }>(
        'SELECT id FROM dispatches WHERE seq IN (SELECT value FROM json_each(?))',
        JSON.stringify(seqs),
      )
      .map(({ id }) => id)
      .sort();
  expect(names(found.handedOver)).toEqual(['ci/hub/k3', 'ci/hub/k4', 's1']);
  expect(names(found.begun)).toEqual(['ci/hub/k5']);
  later.close();
  runs.close();
  await store.close();
});
