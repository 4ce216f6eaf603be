import { execFile } from 'node:child_process';
import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { createAccount } from '../../../../src/activities/job/reports/account.js';
import { findReports } from '../../../../src/activities/job/reports/find-reports.js';
import { placesOf } from '../../../../src/activities/job/reports/places.js';
import { idOf, type RawCase } from '../../../../src/activities/job/reports/raw-case.js';
import { readReports } from '../../../../src/activities/job/reports/read-reports.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { fixture } from './reports.js';

const ONE = '<testsuite name="s"><testcase name="a"/></testsuite>';

async function folder(files: Record<string, string | Buffer>): Promise<string> {
  const root = await tempFolder('reports');
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
  }
  return root;
}

async function read(root: string, patterns: string[], since = 0, mask = (text: string) => text) {
  const account = createAccount(new Map(), mask);
  await readReports({ root, patterns, since, account, mask, onCase: () => undefined });
  return { ...account.totals(), told: account.told() };
}

test('all reports that match are counted together, XML and TAP by what they hold', async () => {
  const root = await folder({
    'reports/a.xml': fixture('gtest.xml'),
    'reports/deep/b.xml': fixture('surefire.xml'),
    'reports/c.tap': fixture('node.tap'),
    'other/d.xml': ONE,
  });
  expect(await read(root, ['reports/**/*.xml', 'reports/*.tap'])).toMatchObject({
    ...{ passed: 6, failed: 3, skipped: 5, flaky: 1, notes: [] },
  });
  expect(await read(root, ['**/*.xml', '!reports/**'])).toMatchObject({ passed: 1, failed: 0 });
});

test.each([
  ['UTF-16 with a mark', Buffer.from(`\ufeff${ONE.replace('"a"', '"ä"')}`, 'utf16le'), 'ä'],
  [
    'Latin-1 as it says',
    Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${ONE.replace('"a"', '"ä"')}`, 'latin1'),
    'ä',
  ],
  ['UTF-8 that says UTF-16', Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${ONE.replace('"a"', '"ä"')}`), 'ä'],
  ['bytes that are no UTF-8', Buffer.from([...Buffer.from('<testcase name="'), 0xff, ...Buffer.from('"/>')]), '\ufffd'],
])('a report in %s is read', async (_, bytes, name) => {
  const { told, notes } = await read(await folder({ 'r.xml': bytes }), ['*.xml']);
  expect(told.map((each) => each.name)).toEqual([name]);
  expect(notes).toEqual([]);
});

test('what a package manager prints around a report hides none of its tests', async () => {
  const failed = '<testsuites><testsuite name="s"><testcase name="a"><failure/></testcase></testsuite></testsuites>';
  const npm = '\n> app@1.0.0 test\n> node --test --test-reporter=junit\n\n';
  const root = await folder({
    'a.xml': `${npm}<?xml version="1.0" encoding="utf-8"?>\n${failed}\n`,
    'b.xml': `Done in 1 s\r\n  ${failed}`,
    'c.tap': `${npm}TAP version 13\nok 1 - a\n${failed}\nnot ok 2 - b\n1..2`,
  });
  expect(await read(root, ['*'])).toMatchObject({ passed: 1, failed: 3, notes: [] });
});

test('XML that the tests of a report print before its first line is no report', async () => {
  const xml = '<?xml version="1.0"?>\n<feed/>\n';
  const root = await folder({
    'a.tap': `# Writes a feed\n${xml}ok 1 - a\nnot ok 2 - b\n1..2`,
    'b.tap': `# Subtest: suites\n<testsuites></testsuites>\n    not ok 1 - c\n    1..1\nnot ok 1 - suites\n1..1`,
  });
  expect(await read(root, ['*'])).toMatchObject({ passed: 1, failed: 2, notes: [] });
});

test('what can not be read is noted with its name, and the others count', async () => {
  const root = await folder({
    'a.xml': ONE,
    'b.xml': '',
    'c.xml': '<testsuite><testcase name="half"/>',
    'd.xml': '<?xml version="1.0" encoding="x-none"?><a/>',
  });
  const { passed, notes } = await read(root, ['*.xml']);
  expect(passed).toBe(2);
  expect(notes).toEqual([
    'b.xml: it is empty',
    expect.stringMatching(/^c\.xml: it is not well-formed XML: .*unclosed tag/),
    'd.xml: its encoding x-none is not known',
  ]);
});

test('a report whose name looks like lines of the log is told of in quotes', async () => {
  const { notes } = await read(await folder({ 'x\nstep 2: passed.xml': '' }), ['*.xml']);
  expect(notes).toEqual(['"x\\nstep 2: passed.xml": it is empty']);
});

test('nothing outside of the checkout is read, nor what is no file', async () => {
  const outside = await folder({ 'x.xml': ONE });
  const root = await folder({ 'in/a.xml': ONE });
  await symlink(outside, join(root, 'linked'));
  await symlink(join(outside, 'x.xml'), join(root, 'in/link.xml'));
  await promisify(execFile)('mkfifo', [join(root, 'in/pipe.xml')]);
  expect(await read(root, ['**/*.xml', 'linked/*.xml'])).toMatchObject({ passed: 1, notes: [] });
  expect((await read(root, ['linked/*.xml'])).notes).toEqual(['no file matches linked/*.xml']);
});

test('reports that were there before the step are not counted, and that is said', async () => {
  const root = await folder({ 'old.xml': ONE });
  const later = Date.now() + 60_000;
  expect(await read(root, ['*.xml'], later)).toMatchObject({
    passed: 0,
    notes: ['*.xml: all files are older than the step, and not counted'],
  });
});

test('secrets are hidden in what is told', async () => {
  const root = await folder({
    'a.xml': '<testcase name="uses hunter22"><failure message="hunter22">hunter22</failure></testcase>',
  });
  const { told } = await read(root, ['*.xml'], 0, (text) => text.replaceAll('hunter22', '***'));
  expect(told).toMatchObject([{ name: 'uses ***', said: [{ message: '***', text: '***' }] }]);
});

test('folders of packages are only looked through where a pattern names them', async () => {
  const root = await folder({ 'node_modules/x/r.xml': ONE, 'src/r.xml': ONE });
  expect((await findReports(root, ['**/r.xml'])).files).toEqual(['src/r.xml']);
  expect((await findReports(root, ['node_modules/*/r.xml'])).files).toEqual(['node_modules/x/r.xml']);
});

test('of folders that are too deep to look through, the first is told and the others are counted', async () => {
  const deep = 'd/'.repeat(30);
  const root = await folder({ [`${deep}a/r.xml`]: ONE });
  const told = async () => (await findReports(root, ['**/r.xml'])).notes;
  expect(await told()).toEqual([`folders below ${deep}a are too deep to look through`]);
  for (const name of ['b', 'c', 'e']) await mkdir(join(root, deep, name));
  expect(await told()).toEqual([expect.stringMatching(/^folders below [d/]{60}[abce] and 3 more are too deep/)]);
});

test('once an account has as many notes as are told, no other is gone through for secrets', () => {
  const mask = vi.fn((text: string) => text);
  const account = createAccount(new Map(), mask);
  for (let i = 0; i < 1_000; i++) account.note(`note ${i}`);
  expect(account.totals().notes).toHaveLength(20);
  expect(mask).toHaveBeenCalledTimes(20);
});

test('a test that failed and then passed in the same report is flaky; one that fails again, or passes in another report, is not', async () => {
  const one = (name: string, failed = false) =>
    `<testcase classname="c" name="${name}">${failed ? '<failure message="m"/>' : ''}</testcase>`;
  const root = await folder({
    'try-1.xml': `<testsuite>${one('a', true)}${one('a')}${one('b', true)}${one('c', true)}${one('c', true)}</testsuite>`,
    'try-2.xml': `<testsuite>${one('b')}${one('a', true)}${one('d')}${one('d', true)}</testsuite>`,
  });
  const { told, ...totals } = await read(root, ['try-*.xml']);
  expect(totals).toMatchObject({ passed: 3, failed: 5, flaky: 1, notes: [] });
  expect(told.map(({ outcome, name }) => `${outcome} ${name}`)).toEqual([
    ...['failed b', 'failed c', 'failed c', 'failed a', 'failed d'],
    ...['flaky a', 'passed b', 'passed d'],
  ]);
});

describe('tests of one report that share a name', () => {
  const suite = (inner: string, more = '') => `<testsuite name="a.spec.ts"${more}>${inner}</testsuite>`;
  const one = (failed: boolean, more = '') =>
    `<testcase classname="a.spec.ts" name="adds"${more}>${failed ? '<failure message="m"/>' : ''}</testcase>`;

  test.each([
    ['of two browsers', suite(one(true), ' hostname="chromium"') + suite(one(false), ' hostname="firefox"')],
    ['of two files', suite(one(true, ' file="a.js"') + one(false, ' file="b.js"'))],
  ])('%s are two, so that the one that failed has', async (_, suites) => {
    const root = await folder({ 'a.xml': `<testsuites>${suites}</testsuites>` });
    expect(await read(root, ['a.xml'])).toMatchObject({ passed: 1, failed: 1, flaky: 0 });
  });

  test('are tries of one test where they are of one suite, and one that passes counts', async () => {
    const root = await folder({ 'a.xml': suite(one(true) + one(true) + one(false)) });
    expect(await read(root, ['a.xml'])).toMatchObject({ passed: 1, failed: 0, flaky: 1 });
  });

  const accountOf = async (xml: string, how: { hasFailed: boolean }) => {
    const root = await folder({ 'a.xml': xml });
    const account = createAccount();
    await readReports({ ...{ root, patterns: ['a.xml'], since: 0, account }, mask: String, onCase: () => undefined });
    if (how.hasFailed) account.judgeRed();
    return account;
  };

  test.each([
    ['jest-junit', (inner: string) => `<testsuites name="jest tests">${suite(inner)}</testsuites>`],
    ['Vitest', (inner: string) => `<testsuites name="vitest tests" tests="3">${suite(inner)}</testsuites>`],
    ['Mocha', (inner: string) => `<testsuites name="Mocha Tests">${suite(inner)}</testsuites>`],
    ['nextest', (inner: string) => `<testsuites name="nextest-run">${suite(inner)}</testsuites>`],
    ['RSpec', (inner: string) => `<testsuite name="rspec2">${inner}</testsuite>`],
    ['Node', (inner: string) => `<testsuites>${suite(inner.replaceAll('"a.spec.ts" n', '"test" n'))}</testsuites>`],
    [
      'surefire, of a data provider of TestNG',
      (inner: string) => suite(inner, ' xsi:noNamespaceSchemaLocation="https://maven.apache.org/surefire/x.xsd"'),
    ],
  ])('are cases of a loop in a report of %s, which tells of each test once', async (_, report) => {
    const read = await accountOf(report(one(true) + one(true) + one(false)), { hasFailed: false });
    expect(read.totals()).toMatchObject({ passed: 1, failed: 2, flaky: 0 });
  });

  test('are cases where the step has failed and nothing else has: none of them was tried again', async () => {
    const cases = suite(one(true) + one(true) + one(false));
    const read = await accountOf(cases, { hasFailed: true });
    expect(read.totals()).toMatchObject({ passed: 1, failed: 2, flaky: 0, durationMs: 0 });
    expect(read.told().map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'passed']);
    expect([read.failed().length, read.flaky().length]).toEqual([2, 0]);
  });

  test('are tries all the same where another test has failed the step', async () => {
    const other = '<testcase name="other"><failure/></testcase>';
    const read = await accountOf(suite(one(true) + one(false) + other), { hasFailed: true });
    expect(read.totals()).toMatchObject({ passed: 1, failed: 1, flaky: 1 });
    expect(read.told().map(({ name, outcome }) => `${outcome} ${name}`)).toEqual(['failed other', 'flaky adds']);
  });

  test.each([
    ['another that passes', one(true) + one(false) + one(false), { passed: 2, failed: 2 }],
    ['another that fails', one(true) + one(false) + one(true), { passed: 1, failed: 3 }],
    ['others that fail and pass', one(true) + one(false) + one(true) + one(false), { passed: 2, failed: 3 }],
  ])('are cases where the step has failed, and after one that passed comes %s', async (_, cases, totals) => {
    const other = '<testcase name="other"><failure/></testcase>';
    const read = await accountOf(suite(cases + other), { hasFailed: true });
    expect(read.totals()).toMatchObject({ ...totals, flaky: 0 });
  });

  test('are tries where a whole class was tried again, and the step has passed', async () => {
    const read = await accountOf(suite(one(true) + one(false) + one(false)), { hasFailed: false });
    expect(read.totals()).toMatchObject({ passed: 2, failed: 0, flaky: 1 });
  });

  test.each([
    ['before', suite(one(false)) + suite(one(true))],
    ['after', suite(one(true)) + suite(one(false))],
  ])('are not flaky where one of them fails again, and the other passes %s it', async (_, suites) => {
    const root = await folder({ 'a.xml': `<testsuites>${suites}</testsuites>`, 'b.xml': suite(one(false)) });
    const id = idOf({ suite: 'a.spec.ts', name: 'adds' });
    const before: RawCase = { suite: 'a.spec.ts', name: 'adds', outcome: 'failed', said: [] };
    const account = createAccount(new Map([[id, before]]));
    const mask = (text: string) => text;
    await readReports({ root, patterns: ['a.xml'], since: 0, account, mask, onCase: () => undefined });
    expect(account.totals()).toMatchObject({ passed: 1, failed: 1, flaky: 0 });
    expect(account.told().map(({ outcome }) => outcome)).toEqual(['failed', 'passed']);
  });
});

describe('tests that share a name in several reports, as where a step tests with several versions, one of which failed before', () => {
  const one = (failed: boolean) =>
    `<testsuite name="s"><testcase name="adds">${failed ? '<failure/>' : ''}</testcase></testsuite>`;
  const id = idOf({ suite: 's', name: 'adds' });
  const before: RawCase = { suite: 's', name: 'adds', outcome: 'failed', said: [] };

  test.each([
    ['none that passes is flaky where one fails again', [true, false, false], { passed: 2, failed: 1, flaky: 0 }],
    ['nor where that one comes last', [false, false, true], { passed: 2, failed: 1, flaky: 0 }],
    ['one is flaky where all pass', [false, false, false], { passed: 3, failed: 0, flaky: 1 }],
  ])('%s', async (_, failed, totals) => {
    const root = await folder(Object.fromEntries(failed.map((each, i) => [`${i}.xml`, one(each)])));
    const account = createAccount(new Map([[id, before]]));
    await readReports({ root, patterns: ['*.xml'], since: 0, account, mask: String, onCase: () => undefined });
    expect(account.totals()).toMatchObject(totals);
    expect(account.flaky()).toHaveLength(totals.flaky);
  });
});

test('what is said of all files names none of them', async () => {
  const root = await folder({ 'a.xml': ONE, 'b.xml': ONE });
  const { ctimeMs } = await stat(join(root, 'b.xml'));
  // The first try is most often within one tick of the file system's clock. By default, the next has a second.
  await vi.waitFor(
    async () => {
      await writeFile(join(root, 'c.xml'), ONE);
      expect((await stat(join(root, 'c.xml'))).ctimeMs).toBeGreaterThan(ctimeMs);
    },
    { timeout: 20_000 },
  );
  const { notes } = await read(root, ['*.xml'], (await stat(join(root, 'c.xml'))).ctimeMs);
  expect(notes).toEqual(['2 files are older than the step, and not counted']);
});

test.each(['./reports/*.xml', '././reports/*.xml'])('a glob may begin with the folder itself: %s', async (glob) => {
  const root = await folder({ 'reports/a.xml': ONE, 'reports/b.xml': ONE });
  expect((await findReports(root, [glob])).files).toEqual(['reports/a.xml', 'reports/b.xml']);
  expect((await findReports(root, [glob, '!./reports/b.xml'])).files).toEqual(['reports/a.xml']);
});

test('points of TAP that share a name are tests of their own', async () => {
  const root = await folder({ 'a.tap': 'not ok 1 - should be equal\nok 2 - should be equal\n1..2' });
  expect(await read(root, ['a.tap'])).toMatchObject({ passed: 1, failed: 1, flaky: 0 });
});

test('a secret is masked before what it is in is cut, in names, messages, texts and notes', async () => {
  const secret = 'canary-token-value';
  const upTo = (length: number) => 'x'.repeat(length - 10) + secret;
  const failure = `<failure message="${upTo(1_000)}">${upTo(4_000)}</failure>`;
  const root = await folder({
    'a.xml': `<testsuite name="${upTo(300)}"><testcase name="${upTo(300)}">${failure}</testcase></testsuite>`,
    'b.tap': `not ok 1 - ${upTo(300)}\n  ---\n  error: ${upTo(993)}\n  ...\n1..1`,
    'c.xml': `<testsuite></${secret}></testsuite>`,
  });
  const { told, notes } = await read(root, ['*.xml', '*.tap'], 0, (text) => text.replaceAll(secret, '***'));
  expect(told).toHaveLength(2);
  expect(notes).toHaveLength(1);
  expect(JSON.stringify([told, notes])).not.toContain('canary');
});

test.each([
  ["a line as Perl's die writes it", 'no such sum at lib/Sum.pm line 12.', { file: 'lib/Sum.pm', line: 12 }],
  [
    'a line of a stack of .NET',
    '   at Sums.Adds() in /work/tests/SumTests.cs:line 42',
    { file: '/work/tests/SumTests.cs', line: 42 },
  ],
  ['one of Windows', 'at Sums.Adds() in C:\\work\\SumTests.cs:line 7', { file: 'C:\\work\\SumTests.cs', line: 7 }],
  ['a line of bats', '(in test file test/sum.bats, line 3)', { file: 'test/sum.bats', line: 3 }],
])('%s names a place', (_, text, place) => {
  expect(placesOf({ name: 'a', outcome: 'failed', said: [{ message: '', text }] })).toContainEqual(place);
});

test.each([
  [
    'at Page (/work/app/(shop)/[id]/page.test.tsx:7:11)',
    { file: '/work/app/(shop)/[id]/page.test.tsx', line: 7, column: 11 },
  ],
  ['at file:///work/[slug]/a.mjs:3:1', { file: '/work/[slug]/a.mjs', line: 3, column: 1 }],
])('a line of a stack names a file in folders with brackets: %s', (text, place) => {
  const said = [{ message: 'Error: x', text: `Error: x\n    ${text}\n    at next (/work/lib/x.js:1:2)` }];
  expect(placesOf({ name: 'a', outcome: 'failed', said })[0]).toEqual(place);
});

test('a package may keep its reports in a folder of its own', () => {
  const of = { name: 'a', suite: 'sums', outcome: 'failed', file: 'src/sum.test.ts', line: 5, said: [] } as const;
  expect(placesOf(of, 'packages/app/reports').map(({ file }) => file)).toEqual([
    'src/sum.test.ts',
    'packages/app/reports/src/sum.test.ts',
    'packages/app/src/sum.test.ts',
    'packages/src/sum.test.ts',
  ]);
});

test('a place after the name of a function is found, as Firefox and Safari write it', () => {
  const said = [{ message: '', text: 'sums@src/sum.js:5:17' }];
  const places = placesOf({ name: 'a', outcome: 'failed', said });
  expect(places).toContainEqual({ file: 'src/sum.js', line: 5, column: 17 });
});
