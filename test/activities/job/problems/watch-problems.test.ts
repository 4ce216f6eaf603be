import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createCheckoutFiles } from '../../../../src/activities/job/checkout-files.js';
import { type ProblemsOptions, watchProblems } from '../../../../src/activities/job/problems/watch-problems.js';
import { tempFolder } from '../../../support/temp-folder.js';

const MATCHER = { owner: 'mine', pattern: [{ regexp: '^(\\S+) is (bad|odd): (.*)$', file: 1, message: 3 }] };

async function checkout(files: readonly string[]) {
  const root = await tempFolder('problems');
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), file.endsWith('.json') ? JSON.stringify({ problemMatcher: [MATCHER] }) : 'x');
  }
  return root;
}

async function problemsIn(
  root: string,
  lines: readonly string[],
  matchers: ProblemsOptions['matchers'] = [],
  cwd = root,
) {
  const [notes, errors]: [string[], string[]] = [[], []];
  const watch = watchProblems({
    ...{ matchers, root, files: createCheckoutFiles({ root, cwd }) },
    note: (text) => void notes.push(text),
    onError: ({ file, message }) => void errors.push(`${file}: ${message}`),
  });
  for (const line of lines) watch.line(line);
  return { problems: await watch.end(new AbortController().signal), notes, errors };
}

test('a problem is one whose file is in the checkout, by any name that leads to it', async () => {
  const root = await checkout(['src/a.c', 'packages/app/src/b.ts', 'node_modules/x/i.js']);
  const outside = await checkout(['c.c']);
  await symlink(outside, join(root, 'link'));
  const lines = [
    'src/a.c:1:2: error: first',
    `${root}/src/a.c:2:2: error: absolute`,
    `${root}/src/a.c:1:2: error: first`,
    'src/b.ts:3:3: warning: by the folder of the step',
    'src/gone.c:1:1: error: not there',
    'src/a.c:1:2: error: first',
    '../../etc/passwd:1:1: error: above',
    `${outside}/c.c:1:1: error: outside`,
    'link/c.c:1:1: error: by a link',
    'node_modules/x/i.js:1:1: error: of a package',
    'src/:1:1: error: a folder',
  ];
  const { problems, errors } = await problemsIn(root, lines, [], join(root, 'packages/app'));
  expect(problems).toEqual([
    { severity: 'error', file: 'src/a.c', line: 1, column: 2, message: 'first' },
    { severity: 'error', file: 'src/a.c', line: 2, column: 2, message: 'absolute' },
    { severity: 'warning', file: 'packages/app/src/b.ts', line: 3, column: 3, message: 'by the folder of the step' },
  ]);
  expect(errors).toEqual(['src/a.c: first', 'src/a.c: absolute']);
});

test('a matcher may find no file: what it calls an error counts, and has no place', async () => {
  const root = await checkout(['a.c']);
  const pattern = [{ regexp: '^(ERROR|WARN) (.*)$', severity: 1, message: 2 }];
  const lines = ['ERROR no disk', 'WARN nearly full', 'ERROR no disk', 'a.c:1:1: error: e'];
  expect(await problemsIn(root, lines, [{ owner: 'mine', pattern }])).toMatchObject({
    problems: [{ severity: 'error', file: 'a.c', message: 'e' }],
    errors: ['undefined: no disk', 'a.c: e'],
    notes: [],
  });
});

test('errors come first, and no more than fifty problems', async () => {
  const root = await checkout(['a.c']);
  const lines = Array.from({ length: 60 }, (_, nr) => `a.c:${nr + 1}:1: warning: w`);
  const { problems } = await problemsIn(root, [...lines, 'a.c:99:1: error: e']);
  expect(problems).toHaveLength(50);
  expect(problems[0]).toMatchObject({ severity: 'error', line: 99 });
});

test('matchers are those of the automation, of a file, and those that a step adds and removes', async () => {
  const root = await checkout(['a.c', 'm.json']);
  const bad = 'a.c is bad: it leaks';
  const found = { severity: 'error', file: 'a.c', line: 1, message: 'it leaks', by: 'mine' };
  expect((await problemsIn(root, [bad], [MATCHER])).problems).toEqual([found]);
  expect((await problemsIn(root, [bad], ['m.json'])).problems).toEqual([found]);
  expect((await problemsIn(root, ['::add-matcher::m.json', bad])).problems).toEqual([found]);
  expect((await problemsIn(root, [bad])).problems).toEqual([]);
});

test('a matcher counts from where a step adds it to where it removes it, however the lines come', async () => {
  const root = await checkout(['a.c', 'm.json']);
  const other = { owner: 'other', pattern: [{ regexp: '^never (.*)$', message: 1 }] };
  const [add, remove] = ['::add-matcher::m.json', '::remove-matcher owner=mine::'];
  const bad = (what: string) => `a.c is bad: ${what}`;
  const lines = [bad('before'), add, bad('within'), remove, bad('after'), add, bad('again'), remove, bad('at the end')];
  expect((await problemsIn(root, lines, [other])).errors).toEqual(['a.c: within', 'a.c: again']);
});

test('a file of matchers that is not there, leads out, or is none is noted by its name', async () => {
  const root = await checkout(['a.c']);
  await symlink('/etc/passwd', join(root, 'out.json'));
  const { notes, problems } = await problemsIn(root, ['a.c:1:1: error: e'], ['gone.json', 'out.json', 'a.c']);
  expect(notes).toEqual([
    'problem matcher gone.json: there is no such file in the checkout',
    'problem matcher out.json: there is no such file in the checkout',
    expect.stringContaining('problem matcher a.c: it is not JSON'),
  ]);
  expect(problems).toHaveLength(1);
});

test.each([
  ['a search for lines of code that are indented', 'a.c:12:7:      error: err.message,'],
  ['a quote', '> a.c:12:7: error: no'],
  ['something indented', '  a.c:12:7: error: no'],
])('%s is a warning, and an error where the author asks for problems', async (_, line) => {
  const root = await checkout(['a.c']);
  expect(await problemsIn(root, [line])).toMatchObject({ problems: [{ severity: 'warning', line: 12 }], errors: [] });
  expect(await problemsIn(root, [line], [MATCHER])).toMatchObject({ problems: [{ severity: 'error' }], errors: [{}] });
});

test.each([
  ['warnings', Array.from({ length: 6_000 }, (_, nr) => `a.c:${nr + 1}:1: warning: w`), []],
  ['the same error of a file that is not there', Array<string>(6_000).fill('gone.c:1:1: error: e'), []],
  [
    'warnings of files that are not there',
    Array.from({ length: 6_000 }, (_, nr) => `gone${nr}.c:1:1: warning: w`),
    ['more than 2000 different lines tell of a problem (warning): no more of them are looked at'],
  ],
])('many %s stand in the way of no error', async (_, lines, expected) => {
  const root = await checkout(['a.c']);
  const { errors, notes } = await problemsIn(root, [...lines, 'a.c:9:1: error: e']);
  expect(errors).toEqual(['a.c: e']);
  expect(notes).toEqual(expected);
});

test('a file that is made while the step runs is found then', async () => {
  const root = await checkout([]);
  const files = createCheckoutFiles({ root, cwd: root });
  expect(await files.find('made.c')).toBeUndefined();
  await writeFile(join(root, 'made.c'), 'x');
  expect(await files.find('made.c')).toBe('made.c');
});

test('a job that is stopped does not wait for what authors look for, and the log says so', async () => {
  const root = await checkout(['a.c']);
  const slow = { owner: 'slow', pattern: [{ regexp: '^(a+)+$', file: 1, message: 1 }] };
  const notes: string[] = [];
  const watch = watchProblems({
    ...{ matchers: [slow], root, files: createCheckoutFiles({ root, cwd: root }) },
    note: (text) => void notes.push(text),
    onError: () => undefined,
  });
  watch.line(`${'a'.repeat(60)}!`);
  watch.line('a.c:1:1: error: e');
  expect(await watch.end(AbortSignal.abort())).toMatchObject([{ message: 'e' }]);
  expect(notes).toEqual(['problem matchers take too long: from here on these are left out: slow']);
});
