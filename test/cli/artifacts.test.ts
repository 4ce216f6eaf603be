import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ListedArtifact } from '../../src/server/api/contract.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';

const RUN = 'ci/github/1';
const SITE: ListedArtifact = {
  ...{ name: 'site', job: 'build', bytes: 2 * 1024 * 1024, files: 3, untrusted: true },
  ...{ savedAt: '2026-11-26T10:00:00.000Z', expiresAt: '2026-12-26T10:00:00.000Z' },
};

let place: Place;
let server: LocalServer;
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ headers, path, query }) => {
    if (headers.authorization !== `Bearer ${API_TOKEN}`) return { status: 401, body: {} };
    if (path === '/api/runs/named') return { status: 200, body: { run: RUN } };
    if (path === '/api/runs/artifacts' && query.get('id') === RUN)
      return { status: 200, body: { artifacts: [SITE, { ...SITE, name: 'elsewhere' }, { ...SITE, name: 'half' }] } };
    if (path !== '/api/runs/artifacts/file') return { status: 404, body: {} };
    if (query.get('name') === 'half')
      return { status: 200, headers: { 'content-length': '1000', connection: 'close' }, body: 'packed' };
    if (query.get('name') === 'site') return { status: 200, body: 'packed' };
    return { status: 409, body: { error: 'it lies on another machine' } };
  });
});
afterAll(() => server.close());

const artifacts = (...args: string[]) => place.hookyard(['artifacts', 'latest', 'ci', ...args, '--url', server.url]);

test('hookyard artifacts lists what a run has kept, or prints it as JSON', async () => {
  const words = await artifacts();
  expect(words.out.split('\n')[0]).toBe(
    "    2.0 MB  site  of build, until 2026-12-26 10:00, made by code that may be a stranger's",
  );
  expect(JSON.parse((await artifacts('--json')).out).artifacts[0]).toEqual(SITE);
});

test('it downloads what is named into a folder, and replaces nothing that is there', async () => {
  const to = join(place.folder, 'down', 'here');
  const file = join(to, 'site.tar.gz');
  expect(await artifacts('--get', 'site', '--to', to)).toMatchObject({ code: 0, out: `Written: ${file}\n` });
  expect(await readFile(file, 'utf8')).toBe('packed');
  const again = await artifacts('--get', 'site', '--to', to);
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
  expect((await artifacts('--get', 'site', '--to', to, '--force')).code).toBe(0);
});

test('it says what can not be downloaded, and leaves no part of it', async () => {
  const to = join(place.folder, 'other');
  const none = await artifacts('--get', 'page', '--to', to);
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining(`"${RUN}" has kept no artifact page`) });
  const elsewhere = await artifacts('--get', 'elsewhere', '--to', to);
  expect(elsewhere).toMatchObject({ code: 2, err: expect.stringContaining('answers 409: it lies on another machine') });
  const half = await artifacts('--get', 'half', '--to', to);
  expect([half.code, half.err]).toEqual([
    2,
    expect.stringMatching(/^What comes of half broke off \(.+\): nothing was written\. Try again\n$/),
  ]);
  for (const name of ['elsewhere.tar.gz', 'elsewhere.tar.gz.part', 'half.tar.gz', 'half.tar.gz.part'])
    expect(existsSync(join(to, name))).toBe(false);
});
