import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { git, remoteFailure } from '../../../src/activities/git/git.js';
import { saysAway } from '../../../src/activities/git/remote-away.js';
import { activity } from '../../support/harness/activity.js';
import { tempFolder } from '../../support/temp-folder.js';

let server: Server;
let url: string;
let folder: string;
/** Answers with the status that the path names, or breaks the connection off. */
const answer = (path: string, res: ServerResponse) => {
  if (path === 'drop') return res.destroy();
  if (path === 'cut') return res.writeHead(200, { 'content-length': 99 }).write('0', () => res.destroy());
  return res.writeHead(Number(path), { 'www-authenticate': 'Basic realm="git"' }).end('<html>sorry</html>');
};

beforeAll(async () => {
  folder = await tempFolder('away');
  server = createServer((req, res) => void answer(req.url?.split('/')[1] ?? '', res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const asked = (remote: string) =>
  activity().run(
    (remoteUrl: string) =>
      git(
        { cwd: folder, signal: new AbortController().signal, remote: { url: remoteUrl, username: 'x' } },
        'ls-remote',
        '--end-of-options',
        remoteUrl,
      ),
    remote,
  );

test.each(['429', '500', '502', '503', '504', 'drop', 'cut'])(
  'a server is away that answers git so: %s',
  async (how) => {
    const { ok, said } = await asked(`${url}/${how}/app.git`);
    expect({ ok, away: saysAway(said) }, said).toEqual({ ok: false, away: true });
    expect(remoteFailure('git', { said })).toMatchObject({ type: 'Away', nonRetryable: false });
  },
);

test.each(['400', '401', '403', '404', '410', '422'])('a server is not away that refuses with a %s', async (how) => {
  const { ok, said } = await asked(`${url}/${how}/app.git`);
  expect({ ok, away: saysAway(said) }, said).toEqual({ ok: false, away: false });
});

test.each([
  ['nobody listens', 'http://127.0.0.1:1/app.git'],
  ['its name is not known', 'http://no-such-host.invalid/app.git'],
  ['nobody listens for SSH', 'ssh://git@127.0.0.1:1/app.git'],
])('a server is away where %s', async (_, remote) => {
  const { said } = await asked(remote);
  expect(saysAway(said), said).toBe(true);
});

test('a repository that is not there is not away', async () => {
  const { said } = await asked(`${folder}/nowhere.git`);
  expect(saysAway(said), said).toBe(false);
});
