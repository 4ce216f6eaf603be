import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place, SECRET } from '../support/harness/place.js';
import { tempFolder } from '../support/temp-folder.js';

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
      /^No Hookyard server answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Start one with: npx hookyard start\n$/,
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

test.each([
  [['lanes', 'drain']],
  [['lanes', 'paus', 'deploy']],
  [['cache', 'clear', '--frob']],
  [['secrets', 'rotate', 'github', '--overlap', '3x']],
  [['outbound', 'retry']],
])('a command below another that is called wrongly ends with 2, and names its help: %s', async (args) => {
  const { code, out, err } = await place.hookyard(args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^error: .*\n(\(Did you mean .*\n)?\(hookyard \w+ \w+ --help tells what it takes\)\n$/);
});

test.each([
  [['explain', 'd1', '--event', 'push'], '--event names the event of a payload that was never sent'],
  [
    ['explain', 'd1', '--file', 'x.json', '--event', 'push'],
    '--event names the event of a payload that was never sent',
  ],
  [['explain', 'd1', '--file', 'x.json', '--diff'], "cannot be used with option '--file"],
  [['explain', 'd1', '--payload', '--edit'], "cannot be used with option '--edit"],
  [['send', 'push', '--file', 'x.json', '--repository', 'acme/app'], "cannot be used with option '--file"],
])('an option that would do nothing is refused: %j', async (args, words) => {
  const { code, out, err } = await place.hookyard(args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(words);
});

test('the help of what takes a length of time tells its default as people write it', async () => {
  const { out } = await place.hookyard(['secrets', 'rotate', '--help']);
  expect(out.replace(/\s+/g, ' ')).toContain('for one that others know (default: 3d)');
});

test('the version is told, and help of commands below another has the exit codes too', async () => {
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  expect(await place.hookyard(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  const { code, out } = await place.hookyard(['lanes', 'pause', '--help']);
  expect([code, out.split('Exit codes: 0 done').length]).toEqual([0, 2]);
});

test('a folder that has been deleted under the shell is told of, without a stack', async () => {
  const gone = await tempFolder('gone');
  const program = `cd '${gone}' && rmdir '${gone}' && exec '${process.execPath}' '${join(packageRoot, 'bin/hookyard.mjs')}' runs`;
  const { status, stderr } = spawnSync('sh', ['-c', program], { env: place.env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    2,
    'The folder that hookyard is called in is not there any more: go to another one\n',
  ]);
});

test('a backup that is not there, or is a folder, makes no data folder', async () => {
  const data = join(place.folder, 'elsewhere');
  for (const [name, words] of [
    ['no-such', `There is no ${join(place.folder, 'no-such')}\n`],
    ['automations', `${join(place.folder, 'automations')} is a folder: name the file that hookyard backup has made\n`],
  ] as const)
    expect(await place.hookyard(['restore', name], { HOOKYARD_DATA: data })).toEqual({ code: 2, out: '', err: words });
  expect(existsSync(data)).toBe(false);
});

/** To root no folder is closed: it calls as nobody there. */
const anotherUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

test.each([
  ['runs'],
  ['send', 'push', '--source', 'own'],
  ['backup', 'file'],
  ['secrets'],
  ['secrets', 'rotate', 'own'],
  ['doctor'],
])(
  'a data folder that the caller may not read is told of, and not taken for an empty one: hookyard %s %s',
  async (...args) => {
    const closed = await openPlace({ sources: "{ own: { kind: 'github', secrets: [generated('own')] } }" });
    await writeFile(
      join(closed.folder, 'hookyard.config.ts'),
      "import { defineConfig, generated } from 'hookyard/config';\nexport default defineConfig({ sources: { own: { kind: 'github', secrets: [generated('own')] } } });\n",
    );
    await mkdir(join(closed.data, 'secrets'), { recursive: true });
    await chmod(closed.data, 0o000);
    await chmod(closed.folder, 0o755);
    const { HOOKYARD_API_TOKEN: _, ...env } = closed.env;
    const program = [join(packageRoot, 'bin/hookyard.mjs'), ...args.filter((arg) => arg !== undefined)];
    const { status, stdout, stderr } = spawnSync(process.execPath, program, {
      ...{ cwd: closed.folder, env, encoding: 'utf8' },
      ...anotherUser,
    });
    await chmod(closed.data, 0o700);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^\S+ can't be read by \w+ \(EACCES\): call hookyard as the user that Hookyard runs as\./);
  },
);

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

test('a server that refuses the API token is told of, and where the right one is', async () => {
  server = await startServer(({ headers }) =>
    headers.authorization === `Bearer ${API_TOKEN}`
      ? { status: 200, body: { deliveries: [] } }
      : { status: 401, body: { error: 'send the API token' } },
  );
  const { code, err } = await place.hookyard(['deliveries', '--url', server.url], {
    HOOKYARD_API_TOKEN: 'another-api-token-for-tests-of-32-characters',
  });
  expect(code).toBe(2);
  expect(err).toMatch(/^http:\S+ answers 401: the API token is not that server's\. HOOKYARD_API_TOKEN must be .*\n$/);
  expect(err).not.toContain('***');
  const right = await place.hookyard(['deliveries', '--url', `${server.url}/`]);
  expect([right.code, right.out]).toEqual([0, 'Nothing has come in. Try: npx hookyard demo\n']);
});

test.each([
  [['explain', 'd1'], 'There is no delivery "d1"'],
  [['explain', 'd1', '--source', 'nosuch'], 'There is no delivery "d1" of a source "nosuch"; npx hookyard deliveries'],
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
