import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobResult } from '../../../src/activities/contract/index.js';
import { runPath } from '../../../src/runs/run-path.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { runReceiver } from '../../support/harness/running-receiver.js';
import { push, sendPush } from '../../support/harness/send-push.js';
import { runWorker } from '../../support/harness/worker.js';
import { testClient } from '../../support/temporal.js';

const secret = 'a secret of the artifacts test';
const { add, close } = closers();

let client: Awaited<ReturnType<typeof testClient>>;
let installation: Installation;
let source: TestRepository;

beforeAll(async () => {
  client = add(await testClient());
  installation = add(
    await openInstallation({
      name: 'artifacts',
      automations: fileURLToPath(new URL('automations', import.meta.url)),
      values: { SECRET: secret },
      config: ({ folder }) => ({
        sources: {
          github: {
            ...{ kind: 'github', secrets: [{ env: 'SECRET' }] },
            clone: { url: `${folder}/repositories/{fullName}.git` },
          },
        },
        server: { signIn: { loopback: 'required' } },
      }),
    }),
  );
  source = await openRepository(installation.folder);
  const receiver = add(await runReceiver(installation, client));
  add(await runWorker(installation, { letOn: receiver.wake }));
});
afterAll(close);

/** Pushes a commit to a branch, and returns the run that builds it once that has ended, and how. */
async function built(branch: string) {
  const commit = await source.commit({ 'word.txt': branch }, branch);
  const sent = await sendPush(installation.address.url, { secret, source: 'github', body: push(branch, commit) });
  const [run = ''] = sent.body.runs ?? [];
  const handle = client.workflow.getHandle(run);
  // It begins a moment after the answer.
  await expect.poll(() => handle.describe().then(() => true, String), { timeout: 20_000 }).toBe(true);
  const end = await handle.result().then(String, (error: { cause?: Error }) => error.cause?.message ?? '');
  return { run, commit, end };
}

const ask = (path: string, token = installation.config.server.apiToken.reveal()) =>
  fetch(`${installation.address.url}${path}`, {
    redirect: 'manual',
    headers: { ...(token && { authorization: `Bearer ${token}` }), accept: 'text/html' },
  });
const file = (run: string, name: string) => `?${new URLSearchParams({ id: run, name })}`;
const record = (collection: string) => installation.store.records.list(collection, { limit: 10 });

test('what a job keeps is used by the next one, downloaded by its link, and used by an automation that follows, until it expires', async () => {
  const { run, commit } = await built('main');
  const [row] = await record('built');
  const { build, check } = (row?.data ?? {}) as { readonly build?: JobResult; readonly check?: JobResult };
  expect(build?.artifacts).toMatchObject([{ name: 'site', kept: { files: 1 } }]);
  // It did not pass, and what it has to report is kept all the same.
  expect(check).toMatchObject({ passed: false, artifacts: [{ name: 'report', kept: { files: 1 } }] });

  const listed = await (await ask(`/api/runs/artifacts?${new URLSearchParams({ id: run })}`)).json();
  expect(listed).toMatchObject({
    artifacts: [
      { name: 'report', job: 'check' },
      { name: 'site', job: 'build' },
    ],
  });
  const answer = await ask(`/api/runs/artifacts/file${file(run, 'site')}`);
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/gzip',
    'content-disposition': 'attachment; filename="site.tar.gz"',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  const folder = join(installation.folder, 'downloaded');
  await mkdir(folder);
  await writeFile(join(folder, 'site.tar.gz'), Buffer.from(await answer.arrayBuffer()));
  await execa('tar', ['-xzf', 'site.tar.gz'], { cwd: folder });
  expect((await execa('cat', ['site/index.html'], { cwd: folder })).stdout).toBe(`made at ${commit}`);

  await expect.poll(() => record('published'), { timeout: 40_000 }).toHaveLength(1);
  const [published] = await record('published');
  expect(published).toMatchObject({ key: run, data: { passed: true, outputs: { page: `made at ${commit}` } } });

  const artifacts = await record('hookyard.artifacts');
  for (const { key, version, data } of artifacts)
    await installation.store.records.upsert({
      ...{ collection: 'hookyard.artifacts', key, version: Number(version) + 1 },
      data: { ...(data as object), expiresAt: Date.now() - 1 },
    });
  expect((await ask(`/api/runs/artifacts/file${file(run, 'site')}`)).status).toBe(404);
  expect(await (await ask(`/api/runs/artifacts?${new URLSearchParams({ id: run })}`)).json()).toEqual({
    artifacts: [],
  });
});

test('cells of a matrix keep one each, by the values of the cell, and find their own before others; the page links them for those who have signed in alone', async () => {
  const { run } = await built('cells');
  const { artifacts } = await (await ask(`/api/runs/artifacts?${new URLSearchParams({ id: run })}`)).json();
  const long = 'site-of-the-documentation-in-all-of-its-languages-and-colours';
  const names = (artifacts as { name: string }[]).map(({ name }) => name);
  expect(names.sort()).toEqual(['made', 'site-20', 'site-24', `${long}-20`, `${long}-24`]);
  expect((await record('read')).map(({ data }) => data)).toEqual([{ read: '20 before 20' }, { read: '24 before 24' }]);
  expect((await ask(`/artifacts${file(run, 'site-20')}`, '')).status).toBe(303);
  expect((await ask(`/api/runs/artifacts/file${file(run, 'site-20')}`, '')).status).toBe(401);
  expect((await ask(`/api/runs/artifacts/file${file(run, 'site')}`)).status).toBe(404);
  const cookie = await signedIn();
  const page = await (await fetch(`${installation.address.url}${runPath(run)}`, { headers: { cookie } })).text();
  const [, link = ''] = /href="(\/artifacts\?[^"]*site-20)"/.exec(page) ?? [];
  const answer = await fetch(`${installation.address.url}${link.replaceAll('&amp;', '&')}`, { headers: { cookie } });
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="site-20.tar.gz"');
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(20);
});

test('a name that leads elsewhere fails the run before its job begins', async () => {
  const { end } = await built('misspelt');
  expect(end).toContain('runJob(): "artifacts.name" must be 1 to 100 letters');
});

/** Signs in as a browser does, and returns its cookie. */
async function signedIn(): Promise<string> {
  const { url } = installation.address;
  const answer = await fetch(`${url}/sign-in`, {
    ...{ method: 'POST', redirect: 'manual' },
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: installation.config.server.apiToken.reveal() }),
  });
  expect(answer.status).toBe(303);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}
