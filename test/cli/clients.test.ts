import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';
import { tempFolder } from '../support/temp-folder.js';

const delivery = {
  id: 'd1',
  source: 'github',
  key: 'k',
  eventName: 'push',
  receivedAt: 1_700_000_000_000,
  verdicts: [],
  dispatches: [],
  events: [
    { kind: 'push', branch: 'feature/\u009b31m\u202ex', repository: { fullName: 'acme/app' }, commit: { sha: 'a1' } },
  ],
};

let place: Place;
let server: LocalServer;
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ headers, path, query }) => {
    if (headers.authorization !== `Bearer ${API_TOKEN}`) return { status: 401, body: { error: 'no token' } };
    if (path === '/api/deliveries')
      return { status: 200, body: { deliveries: Array(Number(query.get('limit'))).fill(delivery) } };
    if (path === '/api/logs') return { status: 200, body: { jobs: ['ci'], lines: [{ number: 1, text: 'hello' }] } };
    if (path.endsWith('/replay')) return { status: 200, body: { delivery: 'd1', runs: ['ci/github/1'] } };
    if (path === '/api/runs') return { status: 200, body: { status: 'completed' } };
    return { status: 404, body: { error: 'none' } };
  });
});
afterAll(() => server.close());

/** No configuration and no secret but the API token: what a client on another machine has. */
const ELSEWHERE = { HOOKYARD_CONFIG: '', HOOKYARD_DATA: '', HOOK_SECRET: '' };

test.each([
  [['deliveries']],
  [['deliveries', '--source', 'github', '--json']],
  [['logs', 'ci/github/1']],
  [['logs', 'ci/github/1', '--follow']],
  [['replay', 'd1', '--follow']],
])('with an address and a token, %j reads no configuration and writes nothing', async (args) => {
  const empty = await tempFolder('elsewhere');
  const { code, err } = await place.hookyard([...args, '--url', server.url], ELSEWHERE, empty);
  expect([code, err]).toEqual([0, '']);
  await writeFile(join(empty, 'hookyard.config.ts'), 'throw new Error("this was read");');
  expect(await place.hookyard([...args, '--url', server.url], ELSEWHERE, empty)).toMatchObject({ code: 0, err: '' });
  expect(await readdir(empty)).toEqual(['hookyard.config.ts']);
});

test.each([
  [['start']],
  [['server']],
  [['worker']],
  [['doctor']],
  [['connect', 'github', 'acme/app']],
  [['demo']],
  [['send', 'push']],
  [['deliveries']],
  [['explain', '--file', 'x.json']],
  [['run', 'ci']],
])('in a folder that is in no project, %j makes nothing and ends with 2', async (args) => {
  const empty = await tempFolder('wrong');
  const { code, out, err } = await place.hookyard(args, ELSEWHERE, empty);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(`There is no Hookyard project here: neither ${empty} nor a folder above it has a`);
  expect(await readdir(empty)).toEqual([]);
});

test('a command asks the server of the project that its folder lies in, and makes none of its secrets', async () => {
  const below = join(place.folder, 'src/deep');
  await mkdir(below, { recursive: true });
  const { code, err } = await place.hookyard(['deliveries'], ELSEWHERE, below);
  expect([code, err]).toEqual([2, expect.stringContaining('No Hookyard server answers at http://127.0.0.1:')]);
  const unknown = await place.hookyard(['deliveries'], { ...ELSEWHERE, HOOKYARD_API_TOKEN: '' }, below);
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringMatching(/^The server's API token is not known: /)]);
  expect(await readdir(place.folder)).not.toContain('.hookyard');
});

test.each(['0', '501', '1000', '-1', '1.5', 'ten', ''])('--limit %j is refused with its bounds', async (limit) => {
  const { code, err } = await place.hookyard(['deliveries', `--limit=${limit}`, '--url', server.url]);
  expect(code).toBe(2);
  expect(err).toContain('It takes a whole number from 1 to 500.');
});

test.each([
  [['reconcile', '--since', '2w'], 'It takes a number from 1 to 9999, and s, m, h or d: 30m, 2h, 3d.'],
  [['approve', 'ci/github/1', '--sha', 'main'], "It takes a commit's 7 to 64 hexadecimal digits, in lower case."],
])('%j is refused with what the option takes', async (args, words) => {
  const { code, err } = await place.hookyard([...args, '--url', server.url]);
  expect(code).toBe(2);
  expect(err).toContain(words);
});

test('a list shows repository and branch, and nothing that a terminal would obey', async () => {
  const { out } = await place.hookyard(['deliveries', '--limit', '1', '--url', server.url]);
  expect(out).toMatch(/ d1 {2}github push +acme\/app feature\/x +started nothing/);
  const { out: json } = await place.hookyard(['deliveries', '--limit', '1', '--json', '--url', server.url]);
  expect(json).toContain('feature/\\u009b31m\\u202ex');
  expect(JSON.parse(json)).toEqual(delivery);
});

test('a reader that has enough ends a command without a word, with its own exit code', async () => {
  const run = promisify(execFile);
  const hookyard = `'${process.execPath}' '${join(packageRoot, 'bin/hookyard.mjs')}'`;
  const piped = async (command: string) => {
    const script = `set -o pipefail; { ${hookyard} ${command} --url ${server.url}; echo "code $?" >&2; } | head -1`;
    const { stdout, stderr } = await run('bash', ['-c', script], { cwd: place.folder, env: place.env });
    return [stdout.split('\n').length, stderr];
  };
  expect(await piped('deliveries --limit 500')).toEqual([2, 'code 0\n']);
  expect(await piped('deliveries --limit 500 --json')).toEqual([2, 'code 0\n']);
});
