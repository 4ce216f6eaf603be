import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { built, packageRoot } from '../../src/paths.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, type Ended, openPlace, type Place } from '../support/harness/place.js';

const delivery = {
  id: 'd1',
  source: 'github',
  key: 'k',
  eventName: 'push',
  receivedAt: 1_700_000_000_000,
  headers: {},
  bodyBytes: 2,
  verdicts: [],
  dispatches: [],
  events: [],
};

let place: Place;
let server: LocalServer;
let env: Record<string, string>;
beforeAll(async () => {
  place = await openPlace({ sources: "{ github: { kind: 'github', secrets: [{ generated: 'github' }] } }" });
  server = await startServer(({ path }) => {
    if (path === '/readyz') return { status: 200, body: { ready: true, store: 'answers', temporal: 'answers' } };
    if (path === '/api/deliveries') return { status: 200, body: { deliveries: [delivery] } };
    if (path === '/api/deliveries/d1') return { status: 200, body: delivery };
    if (path === '/api/runs/stuck') return { status: 200, body: { runs: [], complete: true } };
    if (path === '/api/logs') return { status: 200, body: { jobs: ['ci'], lines: [{ number: 1, text: 'hello' }] } };
    return { status: 404, body: { error: 'none' } };
  });
  await mkdir(join(place.data, 'secrets'), { recursive: true });
  await place.write('data/secrets/github', 'a-secret-that-the-first-start-has-made\n');
  await chmod(join(place.data, 'secrets/github'), 0o600);
  await place.write('payload.json', '{"zen":"Keep it logically awesome."}');
  env = { ...place.env, HOME: place.folder, TMPDIR: place.folder, HOOKYARD_API_TOKEN: API_TOKEN };
});
afterAll(() => server.close());

/** What makes a folder one that nothing can be written to, in a mount namespace of its own. */
const DISKS = {
  'a read-only disk': () =>
    `mount --bind "${place.folder}" "${place.folder}" && mount -o remount,ro,bind "${place.folder}"`,
  'a full disk': () => `mkdir /tmp/hookyard-copy-$$ && cp -a "${place.folder}/." /tmp/hookyard-copy-$$ &&
    mount -t tmpfs -o size=256k,mode=700 tmpfs "${place.folder}" && cp -a /tmp/hookyard-copy-$$/. "${place.folder}" &&
    rm -r /tmp/hookyard-copy-$$ && (dd if=/dev/zero of="${place.folder}/fill" bs=4k 2>/dev/null || true)`,
};

const HOOKYARD = join(packageRoot, 'bin/hookyard.mjs');

/** Runs a program of Node with the place's folder prepared. */
function run(prepare: string, args: readonly string[], script = HOOKYARD): Promise<Ended> {
  const program = `${prepare} && cd "${place.folder}" && exec "${process.execPath}" "$@"`;
  const all = ['--mount', 'sh', '-c', program, 'sh', script, ...args];
  return new Promise((resolve) => {
    execFile('unshare', all, { env, timeout: 60_000, killSignal: 'SIGKILL' }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

const COMMANDS = [
  ['doctor'],
  ['deliveries'],
  ['explain', 'd1'],
  ['explain', '--file', 'payload.json', '--event', 'ping'],
  ['runs', '--stuck'],
  ['logs', 'ci/github/k'],
  ['migrate', '--check'],
  ['secrets'],
];

describe.runIf(mayMount).each(Object.entries(DISKS))('on %s', (_, disk) => {
  test.each(COMMANDS.map((args) => [args.join(' '), args] as const))(
    'hookyard %s answers as ever',
    async (_, given) => {
      const asks = ['doctor', 'deliveries', 'runs', 'logs'].includes(given[0] ?? '') || given[1] === 'd1';
      const args = asks ? [...given, '--url', server.url] : given;
      const before = readdirSync(place.folder, { recursive: true });
      const usual = await run('true', args);
      expect(usual.err).toBe('');
      expect(usual.code).toBeLessThan(2);
      expect(await run(disk(), args)).toEqual(usual);
      expect(readdirSync(place.folder, { recursive: true })).toEqual(before);
    },
  );

  test('a secret that is there is found, also by what would make one', async () => {
    const script = await place.write(
      'find.mjs',
      `import { SecretFinder } from ${JSON.stringify(built('secrets/find-secrets.js'))};
       import { NeededSecret } from ${JSON.stringify(built('secrets/reference.js'))};
       import { password } from ${JSON.stringify(built('secrets/secret-kinds.js'))};
       const finder = new SecretFinder({ env: {}, folder: 'data/secrets', make: true });
       const found = finder.find(new NeededSecret({ generated: 'github' }, password), 'sources.github.secrets[0]');
       console.log(JSON.stringify([found?.reveal(), finder.problems]));`,
    );
    const { out } = await run(disk(), [], script);
    expect(JSON.parse(out)).toEqual(['a-secret-that-the-first-start-has-made', []]);
  });

  test('hookyard start says what is wrong with the disk, and what to do', async () => {
    const { code, err } = await run(disk(), ['start']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /The data folder .* can't be written to \(EROFS\)|The disk that the data folder .* lies on is full \(ENOSPC\)/,
    );
  });
});
