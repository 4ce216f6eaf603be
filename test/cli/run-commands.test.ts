import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';

const RUN = {
  ...{ run: 'ci/github/1', runId: 'r1', automation: 'ci', status: 'failed', outcome: 'failed' },
  ...{ repository: 'acme/app', branch: 'main', commit: 'a'.repeat(40), startedAt: '2026-11-26T10:00:00.000Z' },
};
const { outcome: _, ...begun } = RUN;
const WAIT = { title: 'a comment about #7', since: 0, until: Date.parse('2026-11-29T12:00:00Z') };
const LED = { run: 'deploy/github/1', automation: 'deploy', status: 'completed', outcome: 'passed', by: 'ci/github/1' };
const WAITS = { ...begun, run: 'ci/github/2', status: 'running', waitsFor: 'approval', pullRequest: 7 };

let place: Place;
let server: LocalServer;
let asked: { path: string; query: Record<string, string>; body: unknown }[] = [];
let open = ['ci/github/1', 'ci/github/2', 'ci/github/3'];

beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ headers, path, query, body }) => {
    if (headers.authorization !== `Bearer ${API_TOKEN}`) return { status: 401, body: { error: 'no token' } };
    const given = Object.fromEntries(query);
    asked.push({ path, query: given, body });
    switch (path) {
      case '/api/runs/list':
        if (given.branch === 'none') return { status: 200, body: { runs: [] } };
        return { status: 200, body: { runs: [RUN, WAITS], ...(!given.page && { next: 'after-x' }) } };
      case '/api/runs/named':
        if (given.name === 'latest ci') return { status: 200, body: { run: 'ci/github/1' } };
        if (given.name === 'ci') return { status: 409, body: { error: 'several', runs: open } };
        return { status: 404, body: { error: 'none' } };
      case '/api/runs/cancel': {
        const { page, run } = body as { page?: string; run?: string };
        if (run !== undefined)
          return run === 'none' ? { status: 404, body: {} } : { status: 200, body: { runs: [run] } };
        if (open.length === 0) return { status: 200, body: { runs: [] } };
        // What takes a while to end is on the next page too.
        return { status: 200, body: page ? { runs: open.slice(1) } : { runs: open.slice(0, 2), next: 'after-x' } };
      }
      case '/api/runs':
        if (given.id !== 'ci/github/1') return { status: 404, body: { error: 'none' } };
        return { status: 200, body: { status: 'running', waitsFor: [WAIT], ...(given.all && { ledTo: [LED] }) } };
      case '/api/runs/rerun':
        if (given.name === 'none') return { status: 404, body: {} };
        return { status: 200, body: { run: 'ci/github/1/replay-1', rerunOf: 'ci/github/1', delivery: 'd1' } };
      case '/api/runs/approve':
        return {
          status: 200,
          body: {
            run: given.id,
            name: 'production',
            approved: given.id === 'roll/manual/1' ? 'production' : 'abc1234',
          },
        };
      case '/api/logs':
        return { status: 200, body: { jobs: ['ci'], lines: [{ number: 1, text: 'hello' }] } };
      default:
        return { status: 404, body: { error: 'none' } };
    }
  });
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  open = ['ci/github/1', 'ci/github/2', 'ci/github/3'];
});

const hookyard = (...args: string[]) => place.hookyard([...args, '--url', server.url]);

test('runs are listed a line each, with how they are and what they are about, and where there are more', async () => {
  const { code, out, err } = await hookyard('runs', '--outcome', 'failed', '--repository', 'acme/app', '--since', '2h');
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    '2026-11-26 10:00:00  failed              ci/github/1  acme/app main aaaaaaa',
    '2026-11-26 10:00:00  waits for approval  ci/github/2  acme/app #7 from main aaaaaaa',
    '',
  ]);
  expect(err).toContain('--page after-x');
  const [{ query } = { query: {} }] = asked;
  expect(query).toEqual({
    outcome: 'failed',
    repository: 'acme/app',
    limit: '20',
    since: expect.stringMatching(/^\d{13}$/),
  });
  expect(Date.now() - Number((query as { since: string }).since)).toBeGreaterThanOrEqual(2 * 3_600_000);
});

test('one run is shown with what it waits for and what it has led to, and one that nobody knows is told of', async () => {
  const { code, out } = await hookyard('runs', 'latest', 'ci');
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'Run       ci/github/1',
    'State     running',
    '  waits for a comment about #7 until 2026-11-29 12:00 UTC',
    '  led to deploy/github/1: completed: passed',
    '',
  ]);
  const json = await hookyard('runs', 'latest', 'ci', '--json');
  expect(JSON.parse(json.out)).toEqual({ run: 'ci/github/1', status: 'running', waitsFor: [WAIT], ledTo: [LED] });
  expect(await hookyard('runs', 'none')).toMatchObject({ code: 2, err: expect.stringContaining('none') });
  expect(await hookyard('runs', 'latest', 'ci', '--branch', 'main')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Either name a run, or list runs with --branch'),
  });
});

test('runs are a line of JSON each, and nothing else is on standard output', async () => {
  const { out } = await hookyard('runs', '--waiting', '--page', 'after-x', '--json');
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ run: 'ci/github/1' }, WAITS]);
  expect(asked[0]?.query).toMatchObject({ waiting: 'anything', page: 'after-x' });
  await hookyard('runs', '--waiting', 'nothing', '--pull-request', '7', '--ended-since', '2026-11-26');
  const endedSince = String(Date.parse('2026-11-26'));
  expect(asked.at(-1)?.query).toMatchObject({ waiting: 'nothing', pullRequest: '7', endedSince });
});

test.each([
  [['runs', '--branch', 'none'], 0, 'There is no run with branch none'],
  [['runs', '--branch', 'none', '--pull-request', '7'], 0, 'There is no run with branch none, pull request 7'],
  [['runs', '--branch', 'none', '--waiting'], 0, 'There is no run with branch none that waits\n'],
  [['runs', '--branch', 'none', '--waiting', 'lane'], 0, 'branch none that waits for its turn in a lane\n'],
  [
    ['runs', '--branch', 'none', '--since', '2026-11-26T12:00Z', '--ended-since', '2026-11-26T13:00Z'],
    ...([0, 'with branch none, begun since 2026-11-26 12:00 UTC, ended since 2026-11-26 13:00 UTC'] as const),
  ],
  [['runs', '--pull-request', 'seven'], 2, 'It takes a whole number from 1'],
  [['runs', 'latest', 'ci', '--pull-request', '7'], 2, 'or list runs with --pull-request'],
  [['runs', '--outcome', 'blue'], 2, 'Allowed choices are passed, failed, error, cancelled, superseded, skipped'],
  [['runs', '--since', 'yesterday'], 2, 'It takes 30m, 2h or 3d, or a date'],
  [['runs', '--stuck', '--branch', 'main'], 2, "cannot be used with option '--branch"],
  [['cancel'], 2, 'Say what is to be cancelled: either a run, or --branch <name>, or --automation <name>'],
  [['cancel', 'ci/github/1', '--branch', 'main'], 2, 'Say what is to be cancelled'],
  [['cancel', '--repository', 'acme/app'], 2, 'Say what is to be cancelled'],
  [['cancel', 'none'], 2, 'There is no run "none"; npx hookyard runs lists them'],
  [['cancel', '--branch', 'main'], 2, 'Nothing was cancelled: give --yes to cancel 3 runs without being asked'],
  [['rerun', 'none'], 2, 'There is no run "none"'],
  [['logs', 'ci'], 2, 'Several runs are called so. Type one of:\n  npx hookyard logs ci/github/1\n'],
])('%j exits with %i and says what was found or is to be typed', async (args, code, words) => {
  const ended = await hookyard(...args);
  expect(ended.code).toBe(code);
  expect(ended.out + ended.err).toContain(words);
});

test('what was approved is told with its commit, or by its name alone', async () => {
  expect((await hookyard('approve', 'roll/manual/1')).out).toBe('approved  production for roll/manual/1\n');
  expect((await hookyard('approve', 'roll/github/1')).out).toBe('approved  abc1234 for production of roll/github/1\n');
});

test('a run is cancelled with the name of who does it', async () => {
  const { code, out } = await hookyard('cancel', 'latest', 'ci', '--json');
  expect([code, JSON.parse(out)]).toEqual([0, { cancelled: ['latest ci'] }]);
  expect(asked[0]?.body).toEqual({ run: 'latest ci', by: expect.stringMatching(/./) });
});

test('the open runs of a branch are cancelled page by page, and each is told once', async () => {
  const { code, out } = await hookyard('cancel', '--branch', 'main', '--automation', 'ci', '--yes');
  expect(code).toBe(0);
  expect(out).toBe('cancelled  ci/github/1\ncancelled  ci/github/2\ncancelled  ci/github/3\n');
  expect(asked.map(({ body }) => body)).toMatchObject([{ branch: 'main', automation: 'ci' }, { page: 'after-x' }]);
  open = [];
  const none = await hookyard('cancel', '--branch', 'main');
  expect([none.code, none.out]).toEqual([1, 'No such run is open: nothing was cancelled\n']);
});

test('a run that is started again is told with the one that it repeats', async () => {
  const { code, out } = await hookyard('rerun', 'latest', 'ci');
  expect(code).toBe(0);
  expect(out).toContain('ci/github/1/replay-1');
  expect(out).toContain('ci/github/1   npx hookyard explain d1');
  expect(asked[0]).toMatchObject({ path: '/api/runs/rerun', query: { name: 'latest ci' } });
});

test('logs of the latest run are those of the run that is meant', async () => {
  expect((await hookyard('logs', 'latest', 'ci')).out).toContain('hello');
  expect(asked.find(({ path }) => path === '/api/logs')?.query).toMatchObject({ run: 'ci/github/1' });
});
