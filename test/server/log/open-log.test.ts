import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markersOf } from '../../../src/server/api/log/log-groups.js';
import { countAll, lookFor } from '../../../src/server/api/log/look.js';
import { type LogAsked, openLog } from '../../../src/server/api/log/open-log.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { NewLogLine, Store } from '../../../src/store/store.js';

let folder: string;
let store: Store;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookyard-log-'));
  store = await openSqliteStore({ path: join(folder, 'store.db') });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

let jobs = 0;
/** A text that begins with a dot is Hookyard's; each line is a second after the one before. */
async function written(lines: readonly string[], step = 'test'): Promise<{ run: string; job: string }> {
  const key = { workflowId: 'ci/github/1', job: `job ${++jobs}` };
  const rows = lines.map((text, at): NewLogLine => {
    const isNote = text.startsWith('· ');
    return {
      ...{ at: at * 1_000, attempt: 1, text: isNote ? text.slice(2) : text },
      ...(isNote ? { stream: 'note' } : { stream: 'stdout', step }),
    };
  });
  for (let at = 0; at < rows.length; at += 5_000) await store.logs.append(key, rows.slice(at, at + 5_000));
  return { run: key.workflowId, job: key.job };
}

const open = async (
  of: { run: string; job: string },
  asked: Partial<LogAsked> = {},
  goesOn: boolean | 'unknown' = false,
) =>
  openLog({ logs: store.logs, isOpen: async () => (goesOn === 'unknown' ? undefined : goesOn) }, of, {
    limit: 200,
    ...asked,
  });
const filler = (count: number) => Array.from({ length: count }, (_, at) => `compiling ${at}`);

describe('a failed job opens where it went wrong', () => {
  test.each([
    [
      'the first place with an error',
      ['src/a.ts:3:4: error: no', 'src/b.ts:1:1: error: no', 'npm error code 1'],
      0,
      'marked',
    ],
    ['a compiler with a bracket', ['x', 'src/a.ts(3,4): error TS2304: Cannot find', 'Error: done'], 1, 'marked'],
    [
      'a test that TAP names before it fails',
      ['# Subtest: adds up', 'not ok 1 - adds up', '· test: failed: adds up (a.js:3)'],
      1,
      'marked',
    ],
    ['a test that is not ok', ['ok 1 - a', 'not ok 2 - b', 'ok 3 - c', '# failed 1'], 1, 'marked'],
    ['a test that Go failed', ['=== RUN TestX', '--- FAIL: TestX (0.00s)', 'FAIL'], 1, 'marked'],
    ['the last line that reads like an error', ['Error: first', 'at x', 'Error: last', 'bye'], 2, 'error'],
    ['a coloured error', ['fine', '\u001b[31mError\u001b[0m: no', 'bye'], 1, 'error'],
    ['no line that says that there is none', ['0 errors', 'no failures', 'errors: 0', 'bye'], 3, 'end'],
    ['the last line', ['a', 'b', 'c'], 2, 'end'],
  ] as const)('%s', async (_, lines, at, by) => {
    const before = [
      '· step 1 of 2: npm ci',
      'Error: of a step that passed',
      '· npm ci: passed in 1.0 s',
      '· step 2 of 2: test',
    ];
    const of = await written([...before, ...lines, '· test: failed with exit code 1 after 3.0 s']);
    const shown = await open(of);
    expect(shown?.failing).toEqual({ line: before.length + at + 1, by, step: 'test' });
    expect(shown?.at).toEqual({ from: before.length + at + 1, to: before.length + at + 1 });
  });

  test('a failing test is found by its name, as its report tells it', async () => {
    const of = await written([
      ...[
        '· step 1 of 1: test',
        ' ✗ other thing',
        ' × adds numbers',
        'bye',
        '· test: failed with exit code 1 after 1.0 s',
      ],
      ...['· test: tests: 3 passed, 1 failed, 1.0 s of tests', '· test: failed: math > adds numbers (a.test.ts:3)'],
    ]);
    expect((await open(of))?.failing).toMatchObject({ line: 3, by: 'marked' });
  });

  test('a step that passed when it ran again is not what failed', async () => {
    const of = await written([
      ...['· step 1 of 2: test', 'Error: once', '· test: failed with exit code 1 after 1.0 s'],
      ...['· step 1 of 2: test, attempt 2', 'fine', '· test: passed in 1.0 s'],
    ]);
    const shown = await open(of);
    expect(shown?.failing).toBeUndefined();
    expect(shown?.steps.map(({ attempt, state, from, to }) => [attempt, state, from, to])).toEqual([
      [1, 'failed', 1, 3],
      [2, 'passed', 4, 6],
    ]);
  });

  test('among 60,000 lines too, at both ends of them', async () => {
    const end = '· test: failed with exit code 1 after 3.0 s';
    const late = await written(['· step 1 of 1: test', ...filler(60_000), 'Error: late', end]);
    expect((await open(late))?.failing).toMatchObject({ line: 60_002, by: 'error' });
    const early = await written(['· step 1 of 1: test', 'a.c:1:2: error: early', ...filler(60_000), end]);
    expect((await open(early))?.failing).toMatchObject({ line: 2, by: 'marked' });
  });
});

test('a job that goes on opens at its end, one that passed at its beginning, and one that is not there not at all', async () => {
  const of = await written(['· step 1 of 1: test', ...filler(900)]);
  expect((await open(of, {}, true))?.at).toEqual({ from: 901, to: 901 });
  const passed = await open(of);
  expect(passed?.at).toEqual({ from: 1, to: 1 });
  expect(passed?.lines).toHaveLength(200);
  expect(await open({ run: 'ci/github/1', job: 'never' })).toBeUndefined();
  expect((await open(of, {}, 'unknown'))?.open).toBe(true);
  expect(await open({ run: 'ci/github/1', job: 'not yet' }, {}, true)).toMatchObject({ open: true, lines: [] });
});

test('any part of it can be asked for, and is as long as asked for', async () => {
  const of = await written(filler(1_000));
  const numbers = async (asked: Partial<LogAsked>) => {
    const { lines = [], at } = (await open(of, { limit: 30, ...asked })) ?? {};
    return [lines[0]?.number, lines.at(-1)?.number, at?.from];
  };
  expect(await numbers({ line: { from: 500, to: 510 } })).toEqual([480, 509, 500]);
  expect(await numbers({ line: { from: 3, to: 3 } })).toEqual([1, 30, 3]);
  expect(await numbers({ line: { from: 1_000, to: 1_000 } })).toEqual([971, 1_000, 1_000]);
  expect(await numbers({ line: { from: 5_000, to: 5_000 } })).toEqual([971, 1_000, 5_000]);
  expect(await numbers({ after: 100 })).toEqual([101, 130, undefined]);
  expect(await numbers({ before: 100 })).toEqual([70, 99, undefined]);
  expect(await numbers({ after: 990 })).toEqual([991, 1_000, undefined]);
});

test('where it went wrong is not looked for again by those who read on', async () => {
  const of = await written([
    '· step 1 of 1: test',
    ...filler(50),
    'Error: x',
    '· test: failed with exit code 1 after 3.0 s',
  ]);
  let searches = 0;
  const logs: Store['logs'] = {
    ...store.logs,
    search(...asked) {
      if (asked[1].texts.includes('error')) searches += 1;
      return store.logs.search(...asked);
    },
  };
  const isOpen = async () => false;
  for (const asked of [{ after: 10 }, { before: 30 }]) {
    const shown = await openLog({ logs, isOpen }, of, { limit: 20, ...asked });
    expect([shown?.lines.length, shown?.steps.length, shown?.failing]).toEqual([20, 1, undefined]);
  }
  expect(searches).toBe(0);
  expect((await openLog({ logs, isOpen }, of, { limit: 20 }))?.failing).toMatchObject({ line: 52 });
  expect(searches).toBeGreaterThan(0);
});

describe('a search', () => {
  test('goes from one line to the next, down and up, and tells how many there are', async () => {
    const of = await written(['needle a', ...filler(50), 'NEEDLE b', ...filler(50), 'c needle']);
    const look = async (asked: Partial<LogAsked>) => {
      const { search } = (await open(of, { text: 'Needle', ...asked })) ?? {};
      return [search?.line, search?.next];
    };
    expect(await look({})).toEqual([1, 2]);
    expect(await look({ from: 2 })).toEqual([52, 53]);
    expect(await look({ from: 53 })).toEqual([103, undefined]);
    expect(await look({ from: 102, back: true })).toEqual([52, 51]);
    expect((await open(of, { text: 'needle' }))?.search).toMatchObject({ count: 3, from: 1, to: 103 });
    expect((await open(of, { text: 'needle', from: 53 }))?.search).toMatchObject({ count: 1, from: 53, to: 103 });
  });

  test('tells which of all lines that have the text it has found, wherever it stands', async () => {
    const of = await written(['needle', ...filler(30_000), 'a needle', ...filler(20_000), 'Needle', 'needle']);
    const total = async (asked: Partial<LogAsked>) => (await open(of, { text: 'needle', ...asked }))?.search?.total;
    expect(await total({})).toEqual({ count: 4, place: 1 });
    expect(await total({ from: 2 })).toEqual({ count: 4, place: 2 });
    expect(await total({ back: true })).toEqual({ count: 4, place: 4 });
    expect(await total({ text: 'absent' })).toEqual({ count: 0 });
    expect((await open(of, { failure: true }))?.search).not.toHaveProperty('total');
  });

  test('finds what is read, also where codes for colours stand within it', async () => {
    const coloured = '\u001b[91merror\u001b[0m\u001b[90m TS2345: \u001b[0mno such type';
    const of = await written([coloured, 'error of TS2345', ...filler(300), 'Error TS2345: none', coloured]);
    const look = async (asked: Partial<LogAsked>) => {
      const { line, total } = (await open(of, { text: 'error ts2345: no', ...asked }))?.search ?? {};
      return [line, total];
    };
    expect(await look({})).toEqual([1, { count: 3, place: 1 }]);
    expect(await look({ from: 2 })).toEqual([303, { count: 3, place: 2 }]);
    expect(await look({ back: true })).toEqual([304, { count: 3, place: 3 }]);
    expect(await look({ text: '90' })).toEqual([93, { count: 3, place: 1 }]);
    expect(await look({ text: 'error 2345' })).toEqual([undefined, { count: 0 }]);
  });

  test('finds what stands in a log as it is, where too many lines hold a word of it to read them all', async () => {
    const of = await written([...filler(600), 'and compiling 7', 'compiling \u001b[1m7\u001b[0m']);
    expect((await open(of, { text: 'compiling 7' }))?.search).toMatchObject({
      line: 8,
      total: { count: 12, place: 1 },
    });
  });

  test('finds what stands in a log as it is, where those that hold a word of it are too long with all their colours', async () => {
    const coloured = `needle \u001b[1mx\u001b[0m${'\u001b[31mr\u001b[32mg'.repeat(600)}`;
    const of = await written([...Array.from({ length: 40 }, () => coloured), 'needle x']);
    expect((await open(of, { text: 'needle x' }))?.search).toMatchObject({ line: 41, total: { count: 1, place: 1 } });
  });

  test('counts 200,000 lines at most, and says so', async () => {
    const { run: workflowId, job } = await written(['needle', 'needle']);
    const count = (line: number) =>
      countAll(store.logs, { workflowId, job }, { extent: { first: 1, last: 200_001 }, text: 'needle', line });
    expect(await count(2)).toEqual({ count: 2, place: 2, isLeast: true });
    expect(await count(200_001)).toEqual({ count: 3, isLeast: true });
  });

  test('looks at no more than 200,000 lines at a time, and says where it stopped', async () => {
    const extent = { first: 1, last: 1_200_000 };
    const asked: { from: number; to: number }[] = [];
    const logs: Pick<Store['logs'], 'search'> = {
      search: (key, range) => {
        asked.push(range);
        return store.logs.search(key, range);
      },
    };
    const key = { workflowId: 'w', job: 'j' };
    const down = await lookFor(logs, key, { extent, text: 'x', from: 1, back: false, limit: 5 });
    expect(down).toEqual({ lines: [], count: 0, from: 1, to: 200_000, next: 200_001 });
    const up = await lookFor(logs, key, { extent, text: 'x', from: 1_200_000, back: true, limit: 5 });
    expect(up).toEqual({ lines: [], count: 0, from: 1_000_001, to: 1_200_000, next: 1_000_000 });
    expect(Math.max(...asked.map(({ from, to }) => to - from + 1))).toBe(20_000);
  });

  test('goes from failure to failure', async () => {
    const of = await written(['Error: a', 'fine', '0 errors', 'FAILED b', 'fine']);
    const next = async (from: number) => (await open(of, { failure: true, from }))?.search?.line;
    expect([await next(1), await next(2), await next(5)]).toEqual([1, 4, undefined]);
  });
});

test('groups are those of both dialects, closed unless it failed there', async () => {
  const of = await written([
    ...[
      '::group::\u001b[1mInstall\u001b[0m',
      'a',
      '::endgroup::',
      'between',
      '##[group]Build',
      'Error: x',
      '##[endgroup]',
    ],
    ...['--- \u001b[33mTests\u001b[0m', 'ok', '+++ Shown', 'b', '~~~ Least', 'c', '· a note ends it', 'd'],
    ...['--- a/file.ts', '+++ b/file.ts', '@@ -1 +1 @@', '--- FAIL: TestX (0.00s)', '--- not ended'],
  ]);
  const { groups = [] } = (await open(of, { line: { from: 4, to: 4 } })) ?? {};
  expect(groups.map(({ title, from, to, open: isShown }) => [title, from, to, isShown])).toEqual([
    ['Install', 1, 3, false],
    ['Build', 5, 7, true],
    ['Tests', 8, 9, false],
    ['Shown', 10, 11, true],
    ['Least', 12, 13, false],
  ]);
});

test('a marker may stand behind blanks, in capitals and before a bar of progress, and a later line may open a group', async () => {
  const of = await written([
    ...['  ::Group::Install 10%\rInstalled', 'a', '\t::EndGroup::', '--- Build', 'b', '^^^ +++', 'c', '--- Test', 'd'],
    ...['  --- no marker', '^^^ +++ and more', '~~~ Last', 'not ^^^ +++', 'e'],
  ]);
  const { groups = [] } = (await open(of, { line: { from: 3, to: 3 } })) ?? {};
  expect(groups.map(({ title, from, to, open: isShown }) => [title, from, to, isShown])).toEqual([
    ['Installed', 1, 3, true],
    ['Build', 4, 7, true],
    ['Test', 8, 11, true],
    ['Last', 12, 14, false],
  ]);
});

describe('a window that begins within a group', () => {
  const groups = async (of: { run: string; job: string }, asked: Partial<LogAsked>) =>
    ((await open(of, asked))?.groups ?? []).map(({ title, from, to, open: isShown }) => [title, from, to, isShown]);

  test('knows it by a marker that is far before it, and folds its lines unless one of them is asked for', async () => {
    const of = await written([
      ...['· step 1 of 1: test', '::group::Install', ...filler(700), '::endgroup::'],
      ...filler(300),
      ...['--- Tests', ...filler(500)],
    ]);
    expect(await groups(of, { after: 300 })).toEqual([['Install', 2, 500, false]]);
    expect(await groups(of, { line: { from: 400, to: 400 } })).toEqual([['Install', 2, 466, true]]);
    expect(await groups(of, { after: 600 })).toEqual([['Install', 2, 703, false]]);
    expect(await groups(of, { after: 750 })).toEqual([]);
    expect(await groups(of, { after: 1_200 })).toEqual([['Tests', 1_004, 1_400, false]]);
  });

  test('is not within one of another step, or one that a note or a diff has ended or never begun', async () => {
    const begun = ['· step 1 of 2: a', '::group::Of another', ...filler(300)];
    expect(await groups(await written([...begun, '· step 2 of 2: b', ...filler(300)]), { after: 400 })).toEqual([]);
    const diff = ['--- a/file.ts', '+++ b/file.ts', ...filler(300)];
    expect(await groups(await written(diff), { after: 50 })).toEqual([]);
    const titled = ['--- One', ...filler(50), '+++ Two', ...filler(300)];
    expect(await groups(await written(titled), { after: 100 })).toEqual([['Two', 52, 300, true]]);
    const within = ['::group::Outer', ...filler(100), '--- inner', ...filler(300)];
    expect(await groups(await written(within), { after: 150 })).toEqual([['Outer', 1, 350, false]]);
    const many = ['::group::Outer', ...Array.from({ length: 100 }, (_, at) => `--- inner ${at}`), ...filler(300)];
    expect(await groups(await written(many), { after: 150 })).toEqual([['Outer', 1, 350, false]]);
  });
});

test('lines that come one by one tell where groups begin and end', () => {
  const texts = [
    '::group::Install',
    'a',
    '::endgroup::',
    '--- Tests',
    '--- a/x',
    '+++ b/x',
    '##[group]',
    '##[endgroup]',
    '::group::\u001b[36mof\u001b[0m colours',
    '::endgroup::',
    '--- \u001b[33m\u001b[0m',
  ];
  const lines = texts.map((text, at) => ({ number: at + 7, at: 1, attempt: 1, stream: 'stdout' as const, text }));
  expect([...markersOf(lines)]).toEqual([
    [7, { begins: 'Install' }],
    [9, { ends: true }],
    [10, { titles: 'Tests' }],
    [13, { begins: 'Group' }],
    [14, { ends: true }],
    [15, { begins: 'of colours' }],
    [16, { ends: true }],
    [17, { titles: 'Group' }],
  ]);
});
