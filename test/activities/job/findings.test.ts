import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostStep } from '../../../src/activities/contract/index.js';
import { listFlakyTests } from '../../../src/server/api/flaky.js';
import { type Jobs, openJobs } from '../../support/harness/jobs.js';
import { fixture } from './reports/reports.js';

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs({ secrets: { token: { env: 'TOKEN' } } }, { TOKEN: 'canary-token-value' });
  await jobs.commit({
    'tests/sum_test.cc': 'x',
    'src/a.c': 'x',
    'files/gtest.xml': fixture('gtest.xml'),
    'old.xml': fixture('vitest.xml'),
  });
});
afterEach(() => jobs.close());

const step = (run: string, more: Partial<HostStep> = {}): HostStep => ({ name: 'unit', run, problems: [], ...more });
const notes = async () => (await jobs.lines()).filter(({ stream }) => stream === 'note').map(({ text }) => text);

test('a step tells of the tests that it has reported, and of the places at which they failed', async () => {
  const run = 'mkdir out && cp files/gtest.xml out/ && exit 1';
  const [ran] = await jobs.host({ steps: [step(run, { tests: ['out/*.xml'] })] });
  expect(ran).toMatchObject({
    outcome: 'failed',
    exitCode: 1,
    tests: {
      ...{ passed: 1, failed: 1, skipped: 2, flaky: 0, notes: [] },
      cases: [{ name: 'Subtracts', suite: 'Sum', outcome: 'failed', file: 'tests/sum_test.cc', line: 10 }, {}, {}, {}],
    },
    problems: [{ severity: 'error', file: 'tests/sum_test.cc', line: 10, by: 'Sum > Subtracts' }],
  });
  expect(await notes()).toContain('unit: tests: 1 passed, 1 failed, 2 skipped, 0.0 s of tests');
  expect(await notes()).toContain('unit: failed: Sum > Subtracts (tests/sum_test.cc:10)');
});

test('a step whose tests fail has failed, whatever its exit code is', async () => {
  const [ran] = await jobs.host({ steps: [step('cp files/gtest.xml new.xml', { tests: ['new.xml'] })] });
  expect(ran).toMatchObject({ outcome: 'failed', exitCode: 0, because: 'test "Subtracts" failed' });
  expect(await notes()).toContain('unit: failed, though its exit code is 0: test "Subtracts" failed');
});

test.each([
  ['tries of one where it has passed', 0, { outcome: 'passed', tests: { passed: 1, failed: 0, flaky: 1 } }],
  [
    'tests of their own where nothing else says why it failed',
    1,
    { outcome: 'failed', tests: { passed: 1, failed: 2 } },
  ],
])('tests of one name are, by how their step has ended, %s', async (_, code, expected) => {
  const cases = ['<failure/>', '<failure/>', ''].map((inner) => `<testcase name='adds'>${inner}</testcase>`).join('');
  const run = `echo "<testsuite name='s'>${cases}</testsuite>" > r.xml; exit ${code}`;
  const [ran] = await jobs.host({ steps: [step(run, { tests: ['r.xml'] })] });
  expect(ran).toMatchObject({ ...expected, exitCode: code });
});

test('tests that passed when tried again are flaky in a step that an error of another tool has failed', async () => {
  const cases = "<testcase name='adds'><failure/></testcase><testcase name='adds'/>";
  const run = `echo "<testsuite name='s'>${cases}</testsuite>" > r.xml; echo "src/a.c:4:5: error: odd"; exit 1`;
  const [ran] = await jobs.host({ steps: [step(run, { tests: ['r.xml'] })] });
  expect(ran).toMatchObject({ outcome: 'failed', tests: { passed: 1, failed: 0, flaky: 1 } });
  expect(ran?.problems).toMatchObject([{ file: 'src/a.c', line: 4, message: 'odd' }]);
});

test.each([
  ['have not failed where it passes', 0, 'true', { skipped: 2, failed: 0 }],
  ['have failed where nothing else has', 1, 'true', { skipped: 0, failed: 2 }],
  ['have not failed where something else has', 1, 'echo "src/a.c:4:5: error: odd"', { skipped: 2, failed: 0 }],
])(
  "what a linter's or PHPUnit's settings may allow or not, by how the step has ended: they %s",
  async (_, code, more, tests) => {
    const warning = '<failure message="odd">line 3, col 5, Warning - odd (no-odd)</failure>';
    const risky = '<error type="PHPUnit\\Framework\\RiskyTestError">no assertions</error>';
    const cases = [warning, risky].map((inner, n) => `<testcase name="t${n}">${inner}</testcase>`).join('');
    const run = `printf '%s' '<testsuite name="s">${cases}</testsuite>' > r.xml; ${more}; exit ${code}`;
    const [ran] = await jobs.host({ steps: [step(run, { tests: ['r.xml'] })] });
    expect(ran).toMatchObject({ outcome: code === 0 ? 'passed' : 'failed', tests: { passed: 0, ...tests } });
  },
);

test('an error that a failing case has printed explains no failed step: its cases are no tries of one test', async () => {
  const failure = '<failure>expected no "src/a.c:4:5: error: odd value"</failure>';
  const cases = `<testcase name='adds'>${failure}</testcase><testcase name='adds'/>`;
  const run = (more: string) =>
    `echo '<testsuite name="s">${cases.replaceAll("'", '"')}</testsuite>' > r.xml; echo "src/a.c:4:5: error: odd value"; ${more} exit 1`;
  const ran = await jobs.host({
    steps: [
      step(run(''), { tests: ['r.xml'] }),
      step(run('echo "src/a.c:9:1: error: another";'), { name: 'other', tests: ['r.xml'] }),
    ],
  });
  expect(ran.map(({ tests }) => tests)).toMatchObject([
    { passed: 1, failed: 1, flaky: 0 },
    { passed: 1, failed: 0, flaky: 1 },
  ]);
});

test('reports that were checked out are not those of a step', async () => {
  // A file system's clock may tick only each ten milliseconds.
  const [, ran] = await jobs.host({ steps: [step('sleep 0.1'), step('true', { tests: ['old.xml'] })] });
  expect(ran).toMatchObject({ outcome: 'passed', tests: { failed: 0 } });
  expect(await notes()).toContain('unit: tests: old.xml: all files are older than the step, and not counted');
});

test('problems of the output are told, an error fails the step, and false looks for none', async () => {
  const run = 'echo "src/a.c:3:5: warning: odd"; echo "src/a.c:4:5: error: $TOKEN" >&2; echo "gone.c:1:1: error: x"';
  const env = { TOKEN: { secret: 'token' } };
  const [ran, none, off] = await jobs.host({
    env,
    steps: [step(run), step('echo "src/a.c:3:5: warning: odd"'), { name: 'off', run }],
  });
  expect(ran).toMatchObject({
    outcome: 'failed',
    because: 'src/a.c:4: ***',
    problems: [
      { severity: 'error', file: 'src/a.c', line: 4, column: 5, message: '***' },
      { severity: 'warning', file: 'src/a.c', line: 3, column: 5, message: 'odd' },
    ],
  });
  expect(none).toMatchObject({ outcome: 'passed', problems: [{ severity: 'warning' }] });
  expect(off).toMatchObject({ outcome: 'passed' });
  expect(off).not.toHaveProperty('problems');
});

test('a step fails by an error whose matcher finds no file', async () => {
  const problems = [{ owner: 'mine', pattern: [{ regexp: '^FATAL: (.*)$', message: 1 }] }];
  const [ran] = await jobs.host({ steps: [step('echo "FATAL: no disk"', { problems })] });
  expect(ran).toMatchObject({ outcome: 'failed', because: 'no disk' });
  expect(ran).not.toHaveProperty('problems');
});

test('the time of the job ends matchers that are still at work', async () => {
  const slow = { owner: 'slow', pattern: [{ regexp: '^(a+)+$', file: 1, message: 1 }] };
  const [go, begun] = [join(jobs.folder, 'go'), join(jobs.folder, 'begun')];
  const run = `touch ${begun}; until [ -e ${go} ]; do sleep 0.05; done; echo "${'a'.repeat(60)}!"; exec sleep 60`;
  const timeoutMs = 12_000;
  const running = jobs.host({ timeoutMs, steps: [step(run, { problems: [slow] })] });
  await expect.poll(() => existsSync(begun), { timeout: 30_000, interval: 20 }).toBe(true);
  await expect.poll(async () => (await jobs.lines()).length).toBeGreaterThan(0);
  // The first line of its log is as old as its clock.
  const [first] = await jobs.lines();
  // So late that no line has taken too long by the end of the job's time, and so early that it is printed by then.
  await wait(Math.max(0, (first?.at ?? 0) + timeoutMs - 3_000 - Date.now()));
  await writeFile(go, '');
  const [ran] = await running;
  expect(ran).toMatchObject({ outcome: 'timed_out', over: true });
  expect(await notes()).toContain('unit: problem matchers take too long: from here on these are left out: slow');
});

const UNTIL_GO = 'i=0; while [ ! -e "$GO" ] && [ $i -lt 900 ]; do sleep 0.05; i=$((i+1)); done; [ -e "$GO" ]';
const REPORT = (name: string, inner: string, file = 'r.xml') =>
  `echo "<testsuite name='s'><testcase name='${name}'>${inner}</testcase></testsuite>" > ${file}`;
const reds = () => jobs.statuses.filter(({ state }) => state === 'failure');

test.each([
  ['test of its output', 'echo "not ok 1 - adds $TOKEN"', { tests: ['tap'] }, 'test "adds ***" failed'],
  ['error of its output', 'echo "src/a.c:4:5: error: e"', {}, 'src/a.c:4: e'],
  [
    'test of a report that it writes',
    `echo "<testsuite name='s'><testcase name='adds $TOKEN'><failure/></testcase></testsuite>" > r.xml`,
    { tests: ['*.xml', '!old.xml'] },
    'test "adds ***" failed',
  ],
])(
  'the commit status turns red at the first failing %s, while the step runs, once and for good',
  async (_, failing, more, description) => {
    const go = join(jobs.folder, 'go');
    const run = `${failing}; ${failing}; ${UNTIL_GO}; echo late`;
    const env = { GO: go, TOKEN: { secret: 'token' } };
    const running = jobs.host({
      env,
      runStartedAt: '2026-11-26T10:00:00Z',
      steps: [step(run, { ...more, turnsRed: true })],
    });
    await expect.poll(reds, { timeout: 30_000, interval: 20 }).toHaveLength(1);
    await writeFile(go, '');
    const [ran] = await running;
    expect(ran).toMatchObject({ outcome: 'failed', exitCode: 0, because: description });
    expect(reds()).toEqual([
      {
        ...{ source: 'github', repository: 'acme/app', sha: await jobs.git('rev-parse', 'HEAD') },
        ...{
          context: 'hookyard/test',
          state: 'failure',
          description,
          binding: true,
          runStartedAt: '2026-11-26T10:00:00Z',
        },
      },
    ]);
  },
);

test.each([
  [
    'is there no more, though one of its name passes in another report',
    `rm r.xml; ${REPORT('adds', '', 'other.xml')}`,
    { outcome: 'failed', because: 'test "adds" failed', tests: { passed: 1, failed: 1, flaky: 0 } },
  ],
  ['is there no more', 'rm r.xml', { outcome: 'failed', because: 'test "adds" failed', tests: { failed: 1 } }],
  ['has passed', REPORT('adds', ''), { outcome: 'passed', tests: { passed: 1, failed: 0, flaky: 1 } }],
  ['was skipped', REPORT('adds', '<skipped/>'), { outcome: 'passed', tests: { skipped: 1, failed: 0 } }],
])('a failing test that a report told of, and that %s in the end, counts so', async (_, then, end) => {
  const go = join(jobs.folder, 'go');
  const run = `${REPORT('adds', '<failure/>')}; ${UNTIL_GO}; ${then}`;
  const running = jobs.host({ env: { GO: go }, steps: [step(run, { tests: ['r.xml', 'other.xml'], turnsRed: true })] });
  await expect.poll(reds, { timeout: 30_000, interval: 20 }).toHaveLength(1);
  await writeFile(go, '');
  expect((await running)[0]).toMatchObject(end);
  expect(reds()).toHaveLength(1);
});

test('tests that did not come have failed, but for those of a step that was stopped', async () => {
  const [short, stopped] = await jobs.host({
    steps: [
      step('echo "1..2"; echo "ok 1 - a"', { tests: ['tap'], turnsRed: true }),
      step('echo "1..2"; echo "ok 1 - a"; exec sleep 60', { tests: ['tap'], turnsRed: true, timeoutMs: 5_000 }),
    ],
  });
  expect(short).toMatchObject({ outcome: 'failed', exitCode: 0, because: 'the plan of the tests was not kept' });
  expect(stopped).toMatchObject({
    outcome: 'timed_out',
    tests: { failed: 0, notes: [expect.stringContaining('plan')] },
  });
  expect(reds()).toHaveLength(1);
});

test('tests that did not come since a background step has ended have not failed, and tries stay tries', async () => {
  const cases = '<testcase name=\\"adds\\"><failure/></testcase><testcase name=\\"adds\\"/>';
  const run = `echo "<testsuite name=\\"s\\">${cases}</testsuite>" > r.xml; echo "1..2"; echo "ok 1 - a"; touch told; exec sleep 60`;
  const [, ran] = await jobs.host({
    steps: [
      { name: 'db', run: 'until test -e told; do sleep 0.05; done; sleep 0.5; exit 4', background: true },
      step(run, { tests: ['tap', 'r.xml'], turnsRed: true }),
    ],
  });
  expect(ran).toMatchObject({
    outcome: 'failed',
    because: expect.stringMatching(/^"db", which runs in the background/),
  });
  expect(ran?.tests).toMatchObject({ passed: 2, failed: 0, flaky: 1, notes: [expect.stringContaining('plan')] });
  expect(reds()).toEqual([]);
});

test('where something is tried again, nothing turns red before its end', async () => {
  const [ran, reported] = await jobs.host({
    steps: [
      step('echo "not ok 1 - adds"', { tests: ['tap'] }),
      step(`${REPORT('adds', '<failure/>')}; sleep 2.5`, { tests: ['r.xml'] }),
    ],
  });
  expect([ran, reported]).toMatchObject([{ outcome: 'failed' }, { outcome: 'failed' }]);
  expect(reds()).toEqual([]);
});

test('a test that failed and passes in the next try on the commit is flaky, and listed', async () => {
  const tap = (run: string) => step(run, { tests: ['tap'] });
  const [first, second, third] = await jobs.host({
    steps: [
      tap('echo "not ok 1 - adds"; echo "ok 2 - stays"'),
      tap('echo "ok 1 - adds"; echo "ok 2 - stays"'),
      tap('echo "ok 1 - adds"'),
    ],
  });
  expect(first?.tests).toMatchObject({ passed: 1, failed: 1, flaky: 0 });
  expect(second).toMatchObject({
    outcome: 'passed',
    tests: { passed: 2, failed: 0, flaky: 1, cases: [{ name: 'adds', outcome: 'flaky' }, {}] },
  });
  expect(third?.tests).toMatchObject({ flaky: 0 });
  const { tests } = await listFlakyTests(jobs.store.records, { limit: 10 });
  expect(tests).toMatchObject([
    { ...{ repository: 'acme/app', automation: 'ci', job: 'test', test: 'adds', times: 1, run: 'ci/github/one' } },
  ]);
});

test('a test that fails in one merge and passes in the next one, with another base, is not flaky', async () => {
  await jobs.git('checkout', '--quiet', '-b', 'feature');
  const sha = await jobs.commit({ 'c.txt': 'new' }, 'feature');
  await jobs.git('checkout', '--quiet', 'main');
  const since = new Date(Date.now() + 60_000).toISOString();
  const merged = { sha, ref: 'refs/heads/feature', base: 'main', defaultBranch: 'main', since };
  const checkout = { ...merged, options: { merge: true } };
  const flaky = async (line: string) =>
    (await jobs.host({ trust: true, checkout, steps: [step(`echo "${line}"`, { tests: ['tap'] })] }))[0]?.tests?.flaky;
  expect(await flaky('not ok 1 - adds')).toBe(0);
  await jobs.commit({ 'd.txt': 'later' });
  expect(await flaky('ok 1 - adds')).toBe(0);
  expect(await flaky('not ok 1 - adds')).toBe(0);
  expect(await flaky('ok 1 - adds')).toBe(1);
});

test('a test of a step of the same name in another folder is another one', async () => {
  const inFolder = (dir: string, line: string) => step(`echo "${line}"`, { tests: ['tap'], dir });
  const [, other, again] = await jobs.host({
    steps: [inFolder('src', 'not ok 1 - adds'), inFolder('tests', 'ok 1 - adds'), inFolder('src', 'ok 1 - adds')],
  });
  expect([other?.tests?.flaky, again?.tests?.flaky]).toEqual([0, 1]);
});

test('colours and Windows line ends stand in the way of nothing', async () => {
  const [ran] = await jobs.host({
    steps: [
      step('printf "\\033[1msrc/a.c:3:5:\\033[0m \\033[31merror:\\033[0m e\\r\\n\\033[32mok\\033[0m 1 - a\\r\\n"', {
        tests: ['tap'],
      }),
    ],
  });
  expect(ran).toMatchObject({ problems: [{ message: 'e' }], tests: { passed: 1, cases: [{ name: 'a' }] } });
});

test('what stands behind a progress bar in its line is found, and what the bar goes on after', async () => {
  const [ran] = await jobs.host({
    steps: [step('printf "10%%\\r\\033[Ksrc/a.c:3:5: error: e\\r20%%\\rnot ok 1 - a\\r30%%\\n"', { tests: ['tap'] })],
  });
  expect(ran).toMatchObject({
    problems: [{ severity: 'error', file: 'src/a.c', line: 3, message: 'e' }],
    tests: { failed: 1, cases: [{ name: 'a' }] },
  });
});

test('a secret that colours have split is masked', async () => {
  const run = 'printf "src/a.c:3:5: error: canary-\\033[31mtoken\\033[0m-value\\n"';
  const [ran] = await jobs.host({ env: { TOKEN: { secret: 'token' } }, steps: [step(run)] });
  expect(ran).toMatchObject({ problems: [{ message: '***' }] });
});

test("what a fork's commit comes to is told of the repository that its pull request is for", async () => {
  await mkdir(join(jobs.folder, 'repositories/stranger'));
  await symlink(join(jobs.folder, 'repositories/acme/app.git'), join(jobs.folder, 'repositories/stranger/app.git'));
  await jobs.host({
    trust: true,
    checkout: { repository: 'stranger/app', home: 'acme/app', untrusted: true },
    steps: [
      step('echo "not ok 1 - adds"', { tests: ['tap'], turnsRed: true }),
      step('echo "ok 1 - adds"', { tests: ['tap'] }),
    ],
  });
  expect(reds()).toMatchObject([{ repository: 'acme/app', binding: true }]);
  expect((await listFlakyTests(jobs.store.records, { limit: 10 })).tests).toMatchObject([{ repository: 'acme/app' }]);
});

test('whatever a step does to the folder of its workspace, the tests of the next one count', async () => {
  const [, ran] = await jobs.host({
    steps: [step('mkdir ../.time'), step('cp files/gtest.xml new.xml', { tests: ['new.xml'] })],
  });
  expect(ran).toMatchObject({ outcome: 'failed', tests: { failed: 1 } });
});
