import { expect, test } from 'vitest';
import { runState } from '../../../src/server/api/run-state.js';
import { client, hub, installation, pull, resultOf, runOf, sha, useGated } from '../gated.js';

useGated();

test('a status that the provider refuses does not fail the run, and its result and the server say so', async () => {
  hub.files = [{ filename: 'docs/x.md', status: 'added' }];
  const path = `/repos/acme/app/statuses/${sha}`;
  hub.forbidden.add(path);
  try {
    const run = runOf(await pull(), 'sources');
    const troubles = [expect.stringMatching(/^Status hookyard\/sources: GitHub answered 403/)];
    expect(await resultOf(run)).toMatchObject({ outcome: 'skipped', troubles });
    expect(await runState({ client, uiUrl: undefined, store: installation.store }, run)).toMatchObject({
      outcome: 'skipped',
      troubles,
    });
  } finally {
    hub.forbidden.delete(path);
  }
});
