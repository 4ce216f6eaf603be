import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place, SECRET } from '../support/harness/place.js';

let place: Place;
let server: LocalServer | undefined;
beforeAll(async () => {
  place = await openPlace({
    sources: `{
      github: { kind: 'github', secrets: [env('HOOK_SECRET')] },
      cloud: { kind: 'bitbucket-cloud', secrets: [env('HOOK_SECRET')] },
      center: { kind: 'bitbucket-data-center', url: 'https://git.example', secrets: [env('HOOK_SECRET')] },
    }`,
    automations:
      "import { automation, push } from 'hookyard/workflow';\nexport const own = automation({ on: push() }, async () => {});\n",
  });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** The commands that talk to a server. */
const ASKING = [
  ['send', 'push'],
  ['explain', 'd1'],
  ['deliveries'],
  ['replay', 'd1'],
  ['run', 'own'],
  ['runs', '--stuck'],
  ['approve', 'own/github/1'],
  ['logs', 'own/github/1'],
  ['logs', 'own/github/1', '--follow'],
];

test.each(ASKING.map((args) => [args.join(' '), args] as const))(
  'hookyard %s says that no server runs',
  async (_, args) => {
    const { code, out, err } = await place.hookyard(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(
      /^No Hookyard server answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Start one with: npm start\n$/,
    );
  },
);

test.each(['nonsense', 'file:///etc/passwd', '127.0.0.1:3000'])('the address %s is none', async (url) => {
  const { code, err } = await place.hookyard(['deliveries', '--url', url]);
  expect([code, err]).toEqual([2, `--url takes an address that begins with http:// or https://, not "${url}"\n`]);
});

test.each([
  [200, ['deliveries']],
  [404, ['explain', 'd1']],
  [502, ['send', 'push']],
])('a page with %d is not a Hookyard server', async (status, args) => {
  server = await startServer(() => ({ status, body: '<html>not here</html>' }));
  const { code, err } = await place.hookyard([...args, '--url', server.url]);
  expect(code).toBe(2);
  expect(err).toContain(`What answers at ${server.url} is not a Hookyard server: it answers ${status}`);
});

test('an unknown command, a missing argument and an unknown option end with 2', async () => {
  for (const args of [['frobnicate'], ['explain', '--frob'], ['replay'], ['approve']]) {
    const { code, err } = await place.hookyard(args);
    expect([args, code]).toEqual([args, 2]);
    expect(err).toContain('error: ');
  }
});

test('help is no failure, and lists the commands', async () => {
  const { code, out } = await place.hookyard(['--help']);
  expect(code).toBe(0);
  for (const command of ['connect', 'doctor', 'send', 'logs']) expect(out).toContain(command);
});

test.each([
  [['send', 'push', '--source', 'nosuch']],
  [['deliveries', '--source', 'nosuch']],
  [['connect', 'nosuch', 'acme/app', '--url', 'https://hooks.example']],
  [['doctor', 'nosuch']],
  [['explain', '--source', 'nosuch', '--file', 'x.json']],
])('%s: there is no such source', async (args) => {
  const { code, err } = await place.hookyard(args);
  expect(code).toBe(2);
  expect(err).toBe('There is no source "nosuch"; configured: github, cloud, center\n');
});

test('a server that refuses the API token is told of in its words', async () => {
  server = await startServer(({ headers }) =>
    headers.authorization === `Bearer ${API_TOKEN}`
      ? { status: 200, body: { deliveries: [] } }
      : { status: 401, body: { error: 'send the API token' } },
  );
  const { code, err } = await place.hookyard(['deliveries', '--url', server.url], {
    HOOKYARD_API_TOKEN: 'another-api-token-for-tests-of-32-characters',
  });
  expect([code, err]).toEqual([2, `${server.url} answers 401: send the API token\n`]);
  const right = await place.hookyard(['deliveries', '--url', `${server.url}/`]);
  expect([right.code, right.out]).toEqual([0, 'Nothing has come in. Try: npx hookyard demo\n']);
});

test.each([
  [['explain', 'd1'], 'There is no delivery "d1"'],
  [['replay', 'd1'], 'There is no delivery "d1"'],
  [['run', 'nosuch'], 'There is no automation "nosuch"'],
  [['approve', 'own/github/1'], 'There is no run "own/github/1"'],
  [['logs', 'own/github/typo', '--follow'], 'There is no run "own/github/typo"'],
])('%s: the server knows of none', async (args, words) => {
  server = await startServer(({ path }) =>
    path === '/api/logs' ? { status: 200, body: { jobs: [], lines: [] } } : { status: 404, body: { error: 'none' } },
  );
  const { code, err } = await place.hookyard([...args, '--url', server.url]);
  expect([code, err.startsWith(words)]).toEqual([2, true]);
});

test('a file is sent and signed byte for byte', async () => {
  const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('"}\r\n')]);
  const got: { body: Buffer; signature: unknown; event: unknown }[] = [];
  const receiver = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const { 'x-hub-signature-256': signature, 'x-github-event': event } = req.headers;
    got.push({ body: Buffer.concat(chunks), signature, event });
    res.writeHead(202, { 'content-type': 'application/json' }).end('{"delivery":"d1"}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const file = await place.write('bytes.json', bytes);
  const { code } = await place.hookyard(['send', 'push', '--file', file, '--url', url]);
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  expect(code).toBe(0);
  const signature = `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`;
  expect(got).toEqual([{ body: bytes, signature, event: 'push' }]);
});

test('what the receiver refuses ends with 1, and what is not there to send with 2', async () => {
  server = await startServer(() => ({ status: 401, body: { error: 'the signature is wrong' } }));
  const refused = await place.hookyard(['send', 'push', '--url', server.url]);
  expect([refused.code, refused.out]).toEqual([1, '401\n  the signature is wrong\n']);
  const missing = await place.hookyard(['send', 'push', '--file', 'no-such.json', '--url', server.url]);
  expect([missing.code, missing.err]).toEqual([2, "Can't read no-such.json (ENOENT)\n"]);
  const name = await place.hookyard(['send', 'a\nb', '--file', await place.write('a.json', '{}'), '--url', server.url]);
  expect(name.code).toBe(2);
  expect(name.err).toContain("This can't be sent");
});

test.each([
  ['cloud', 'repo:fork'],
  ['center', 'repo:forked'],
])('explain --file names the event of a payload of %s', async (source, event) => {
  const file = await place.write(`${source}.json`, '{}');
  const { code, out } = await place.hookyard(['explain', '--file', file, '--source', source, '--event', event]);
  expect(code).toBe(0);
  expect(out).toContain(`Would be  "${event}" of source ${source}`);
});
