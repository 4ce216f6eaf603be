import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperatorAct, OverviewAnswer } from '../../src/server/api/contract.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';

const WELL: OverviewAnswer = {
  at: '2026-11-26T10:00:00.000Z',
  health: { ready: true, store: 'answers', temporal: 'answers', worker: 'runs', waiting: 0, failed: 0 },
  ...{ red: [], running: [], waiting: [], stuck: [], failedDeliveries: [] },
  arrivals: { perMinute: [0, 2, 1], complete: false },
  sources: [{ name: 'github', kind: 'github', enabled: true }],
};
const KNOWN: OperatorAct = {
  ...{
    at: '2026-11-26T10:00:01.000Z',
    by: 'anna',
    how: 'oidc',
    act: 'rerun',
    on: 'ci/github/1',
    result: 'ci/github/1-1',
  },
};
const WAITS = {
  ...{ run: 'ci/github/2', automation: 'ci', repository: 'acme/app', branch: 'main', commit: '1234567890' },
  ...{ source: 'github', delivery: 'd1', since: '2026-11-26T10:00:00.000Z' },
};
const ACT: OperatorAct = { at: '2026-11-26T10:00:00.000Z', by: 'anna', act: 'cancel', on: 'ci/github/1\u001b[31m' };

let place: Place;
let server: LocalServer;
let overview: OverviewAnswer = WELL;
let acts = [ACT];
let lanes: object[] = [];
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ headers, path }) => {
    if (headers.authorization !== `Bearer ${API_TOKEN}`) return { status: 401, body: {} };
    if (path === '/api/overview') return { status: 200, body: overview };
    if (path === '/api/lanes') return { status: 200, body: { lanes } };
    if (path === '/api/runs/named') return { status: 200, body: { run: 'ci/github/1' } };
    if (path === '/api/lanes/move') return { status: 200, body: { run: 'ci/github/1' } };
    if (path === '/api/runs/list') return { status: 200, body: { runs: [], notBegun: [WAITS] } };
    if (path === '/api/runs')
      return { status: 200, body: { status: 'waiting', standing: 'waits in its lane, place 2' } };
    return path === '/api/acts' ? { status: 200, body: { acts } } : { status: 404, body: {} };
  });
});
afterAll(() => server.close());

const hookyard = (...args: string[]) => place.hookyard([...args, '--url', server.url]);

test('hookyard status tells that all is well, and says by its exit code that something is broken', async () => {
  overview = WELL;
  const well = await hookyard('status');
  expect(well).toMatchObject({ code: 0, err: '' });
  expect(well.out).toContain('3 deliveries in the last 3 minutes');
  expect(well.out).toContain('github (github), no delivery yet');
  const { at, failedDeliveries, arrivals, sources } = WELL;
  overview = { at, failedDeliveries, arrivals, sources, health: { ...WELL.health, temporal: 'away' } };
  const broken = await hookyard('status');
  expect(broken.code).toBe(1);
  expect(broken.out).toContain('Temporal does not answer, so nothing is known of runs');
  overview = { ...overview, health: WELL.health };
  expect((await hookyard('status')).out).toContain('Temporal did not list runs in time, so nothing is known of runs');
  const { stuck: _, ...slow } = WELL;
  overview = slow;
  expect((await hookyard('status')).out).toContain('too slow to tell whether runs are stuck');
  overview = { at, failedDeliveries, arrivals, sources, health: { ...WELL.health, temporal: 'away' } };
  const json = await hookyard('status', '--json');
  expect(JSON.parse(json.out)).toEqual(overview);
  expect(json.code).toBe(1);
});

test('hookyard status tells of runs that wait in lanes to begin, which no list of runs has', async () => {
  overview = WELL;
  const entry = (state: string) => ({ workflowId: `ci/github/${state}`, automation: 'ci', state, since: 0 });
  lanes = [
    { title: 'ci main', entries: [entry('runs'), entry('waits'), entry('waits')] },
    { title: 'deploy', entries: [entry('aside'), entry('waits')] },
  ];
  const { code, out } = await hookyard('status');
  expect([code, out.split('\n').slice(5, 7)]).toEqual([
    0,
    ['Waiting', '  3 runs wait in lanes: npx hookyard lanes lists them'],
  ]);
  lanes = [{ title: 'ci main', entries: [entry('runs')] }];
  expect((await hookyard('status')).out).not.toContain('Waiting');
});

test('hookyard open prints the address of the page, and of a run by any of its names', async () => {
  expect(await hookyard('open')).toMatchObject({ code: 0, out: `${server.url}/\n`, err: '' });
  const run = await hookyard('open', 'latest', 'ci');
  expect(run).toMatchObject({ code: 0, out: `${server.url}/runs/ci/github/1\n`, err: '' });
  expect(server.received.at(-1)?.path).toBe('/api/runs/named');
});

test('hookyard lanes move takes any name of a run', async () => {
  const moved = await hookyard('lanes', 'move', 'latest', 'ci');
  expect(moved).toMatchObject({ code: 0, out: expect.stringContaining('ci/github/1'), err: '' });
  const [asked, done] = server.received.slice(-2);
  expect(asked?.query.get('name')).toBe('latest ci');
  expect(done?.body).toMatchObject({ run: 'ci/github/1' });
});

test('hookyard runs lists runs that wait in lanes to begin among those that wait, and says how one of them waits', async () => {
  const { out } = await hookyard('runs', '--waiting', 'lane');
  expect(out.trimEnd()).toBe('2026-11-26 10:00:00  waits for lane  ci/github/2  acme/app main 1234567');
  const { since: startedAt, ...run } = WAITS;
  expect(JSON.parse((await hookyard('runs', '--waiting', '--json')).out)).toEqual({
    ...{ ...run, runId: null, startedAt, status: 'waiting', waitsFor: 'lane' },
  });
  expect((await hookyard('runs', 'ci/github/2')).out).toContain('waits in its lane, place 2');
});

test('hookyard acts tells who did what, without what would colour a terminal, or all of it as JSON', async () => {
  const words = await hookyard('acts');
  expect(words.out.trimEnd()).toBe('2026-11-26 10:00:00  anna  cancel  ci/github/1');
  expect(JSON.parse((await hookyard('acts', '--json')).out)).toEqual(ACT);
  expect(server.received.at(-1)?.headers['x-hookyard-by']).toBeTruthy();
});

test('hookyard acts tells how it is known who did it, and what it led to', async () => {
  acts = [KNOWN];
  const { out } = await hookyard('acts');
  expect(out.trimEnd()).toBe('2026-11-26 10:00:01  anna (oidc)  rerun  ci/github/1 → ci/github/1-1');
});
