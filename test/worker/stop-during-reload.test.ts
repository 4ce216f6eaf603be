import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import { runWorker } from '../support/harness/worker.js';
import { HELD, openHeld } from './held.js';

test('a worker that is stopped while an edit is taken over leaves none behind', async () => {
  const installation = await openHeld();
  const worker = await runWorker(installation);
  const reloaded = worker.reload(await loadCatalog(HELD));
  // The connection is closed too, and says so if a worker holds it still.
  await worker.close();
  await installation.close();
  await expect(reloaded).resolves.toBeUndefined();
});
