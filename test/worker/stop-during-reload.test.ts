import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import { packageRoot } from '../../src/paths.js';
import { openWorkshop } from '../support/harness/worker.js';

const here = (path: string) => join(packageRoot, 'test/worker', path);

test('a worker that is stopped while an edit is taken over leaves none behind', async () => {
  const workshop = await openWorkshop(
    () => ({ sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } }, activities: here('held-steps.ts') }),
    { HOOK: 'secret' },
    here('held'),
  );
  const reloaded = workshop.worker.reload(await loadCatalog(here('held')));
  // The connection is closed too, and says so if a worker holds it still.
  await workshop.close();
  await expect(reloaded).resolves.toBeUndefined();
});
