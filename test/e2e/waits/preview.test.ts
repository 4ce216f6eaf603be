import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closers } from '../../support/harness/closers.js';
import { deliver } from '../../support/harness/delivery.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { pullRequestPayload } from '../../support/harness/payloads.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { runReceiver } from '../../support/harness/running-receiver.js';
import { runWorker } from '../../support/harness/worker.js';
import { testClient } from '../../support/temporal.js';

const SECRET = 'a secret of the preview test';
const { add, close } = closers();

let client: Awaited<ReturnType<typeof testClient>>;
let installation: Installation;
let previews: string;
let hold: string;
let git: TestRepository;

beforeAll(async () => {
  client = add(await testClient());
  installation = add(
    await openInstallation({
      name: 'preview',
      automations: fileURLToPath(new URL('automations', import.meta.url)),
      values: { SECRET },
      config: ({ folder }) => ({
        sources: {
          github: {
            ...{ kind: 'github', secrets: [{ env: 'SECRET' }] },
            clone: { url: `${folder}/repositories/{fullName}.git` },
          },
        },
      }),
    }),
  );
  previews = join(installation.folder, 'previews');
  hold = join(installation.folder, 'hold');
  await mkdir(previews);
  git = await openRepository(installation.folder);
  const receiver = add(await runReceiver(installation, client));
  add(await runWorker(installation, { letOn: receiver.wake }));
});
afterAll(close);

/**
 * Puts files of an environment into place, one after the other, as a deployment does, and does not go on while there is a file `hold`;
 * or takes them away.
 */
const script = () => `
set -eu
case "$1" in
  up) for part in 1 2 3 4 5; do mkdir -p "${previews}/$PREVIEW-$part"; while [ -e "${hold}" ]; do sleep 0.1; done; done ;;
  down) rm -rf "${previews}/$PREVIEW"-* ;;
esac
`;

const pull = async (action: string, sha: string, number = 7) => {
  const repo = { id: 42, full_name: 'acme/app' };
  const head = { ref: `change-${number}`, sha, repo };
  const payload = pullRequestPayload(
    { action, number, repository: { id: 42, full_name: 'acme/app', html_url: 'http://hub/acme/app', private: false } },
    { number, head, base: { ref: 'main', sha: 'b'.repeat(40), repo } },
  );
  const body = JSON.stringify({ ...payload, nonce: `${action} ${sha}` });
  const sent = await deliver(installation.address.url, { event: 'pull_request', secret: SECRET, body });
  expect(sent.status).toBe(202);
  return sent.body.verdicts?.find(({ run }) => run !== undefined)?.run ?? '';
};
const commit = async (number = 7) => {
  const sha = await git.commit({ 'preview.sh': script(), 'word.txt': String(Math.random()) }, `change-${number}`);
  await git.git('push', '--quiet', '--force', git.bare, `HEAD:refs/pull/${number}/head`);
  return sha;
};
const becomes = (run: string, status: string) =>
  expect
    .poll(
      () =>
        client.workflow
          .getHandle(run)
          .describe()
          .then((found) => found.status.name, String),
      { timeout: 90_000 },
    )
    .toBe(status);

/** How a run is, and when it has ended (Unix ms); 0 for one that Temporal never had. */
const stateOf = (run: string) =>
  client.workflow
    .getHandle(run)
    .describe()
    .then(
      ({ status, closeTime }) => ({ status: status.name as string, at: closeTime?.getTime() ?? Number.NaN }),
      () => ({ status: 'not begun', at: 0 }),
    );

test('a preview is opened, pushed to and closed at once, before it is up: nothing is left of it', async () => {
  await writeFile(hold, '');
  const older = await commit();
  const newer = await commit();
  const first = await pull('opened', older);
  const second = await pull('synchronize', newer);
  const teardown = await pull('closed', newer);
  await becomes(teardown, 'COMPLETED');
  await becomes(first, 'CANCELLED');
  // Its turn may have come before the closing, or not.
  const ended = await stateOf(second);
  expect(['CANCELLED', 'not begun']).toContain(ended.status);
  expect(await readdir(previews)).toEqual([]);
  const { startTime } = await client.workflow.getHandle(teardown).describe();
  expect(startTime.getTime()).toBeGreaterThanOrEqual(ended.at);
  expect(startTime.getTime()).toBeGreaterThanOrEqual((await stateOf(first)).at);
  await rm(hold);
});

test('a preview that is up is taken down once its pull request is closed', async () => {
  await writeFile(join(previews, 'another'), '');
  const sha = await commit(8);
  const up = await pull('opened', sha, 8);
  await becomes(up, 'COMPLETED');
  expect((await readdir(previews)).length).toBe(6);
  await becomes(await pull('closed', sha, 8), 'COMPLETED');
  expect(await readdir(previews)).toEqual(['another']);
});
