import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placesOf } from '../../../../../src/activities/job/reports/places.js';
import { fixture, outcomesOf, readTap } from '../reports.js';

test("what Node's own runner writes gives its tests, and no test for a group of them", () => {
  const read = readTap(fixture('node.tap'));
  expect(outcomesOf(read)).toEqual([
    'passed sum > adds',
    'skipped sum > divides',
    'skipped sum > powers',
    // It counts once its group has ended.
    'failed sum > subtracts',
    'passed alone',
  ]);
  expect(read.notes).toEqual([]);
  const failed = read.cases.find(({ outcome }) => outcome === 'failed');
  expect(failed).toMatchObject({ durationMs: 2, file: '/work/test/sum.test.js', line: 9 });
  expect(failed?.said[0]?.message).toBe('Expected values to be strictly equal:\n\n5 !== 1');
  expect(failed && placesOf(failed)[0]).toEqual({ file: '/work/test/sum.test.js', line: 10, column: 12 });
});

test('a failure is told with its line, before what is said of it has come', () => {
  const read = readTap('ok 1 - a\nnot ok 2 - b');
  expect(read.failing).toEqual(['b']);
  expect(readTap('not ok 1 - a # TODO later\nnot ok 2 # skip b').failing).toEqual([]);
});

test('what fails within a group is a failure once its group has ended, and none where that is TODO or skipped', () => {
  const inner = '# Subtest: g\n    # Subtest: h\n        not ok 1 - a\n        1..1\n    not ok 1 - h\n    1..1\n';
  expect(readTap(`${inner}not ok 1 - g`).failing[0]).toBe('a');
  expect(outcomesOf(readTap(`${inner}not ok 1 - g\n1..1`))).toEqual(['failed g > h > a']);
  for (const directive of ['TODO later', 'SKIP no display']) {
    const read = readTap(`${inner}not ok 1 - g # ${directive}\nok 2 - b\n1..2`);
    expect(read.failing).toEqual([]);
    expect(outcomesOf(read)).toEqual(['skipped g > h > a', 'passed b']);
  }
  const ofInner =
    '# Subtest: g\n    # Subtest: h\n        not ok 1 - a\n    not ok 1 - h # TODO\n    not ok 2 - i\nnot ok 1 - g';
  expect(outcomesOf(readTap(ofInner))).toEqual(['skipped g > h > a', 'failed g > i']);
});

test('a group that never ends keeps no failure back', () => {
  expect(readTap('# Subtest: g\n    not ok 1 - a').failing).toEqual(['a']);
  expect(readTap('# Subtest: g\n    not ok 1 - a\n# Subtest: h\n    ok 1 - b\nok 2 - h # TODO').failing).toEqual(['a']);
  expect(readTap('# Subtest: g\n    not ok 1 - a\nBail out!').failing).toEqual(['a', 'Bail out!']);
  const many = Array.from({ length: 3_000 }, (_, nr) => `    not ok ${nr + 1} - ${nr}`);
  expect(readTap(`# Subtest: g\n${many.join('\n')}`).failing).toHaveLength(3_000);
});

test.each([
  ['of Go', 'ok  \texample.org/shop\t0.012s\nok  \texample.org/other\t(cached)', []],
  ['of prove', 't/a.t ..\nok 1 - a\n1..1\nok\nAll tests successful.', ['passed a']],
  ['that begins so', 'ok, all is well\nok then\nok: done\nnot ok to go on', []],
  ['after tests with numbers', 'ok 1 - a\nok then\nnot ok to go on\n1..1', ['passed a']],
])('prose %s is no test', (_, text, outcomes) => {
  expect(outcomesOf(readTap(text))).toEqual(outcomes);
});

test.each([
  ['a bare line', 'ok', ['passed test 1']],
  ['lines without numbers and dashes', 'ok\nnot ok it breaks', ['passed test 1', 'failed it breaks']],
  ['an escaped hash', 'ok 1 - a \\# b # SKIP no display', ['skipped a # b']],
  ['a directive in any case', 'not ok 1 a #todo\nok 2 b # SKIPPED', ['skipped a', 'skipped b']],
  [
    'names that hold what only begins as a directive does',
    'not ok 1 - finds #skipper\nnot ok 2 - lists #todos\nnot ok 3 - a # todo-list\nnot ok 4 - shows #skipped entries',
    ['failed finds #skipper', 'failed lists #todos', 'failed a', 'failed shows #skipped entries'],
  ],
  ['a hash within a word', 'not ok 1 - issue#skip\nok 2 - fixes #12', ['failed issue#skip', 'passed fixes #12']],
  [
    'directives as tools write them',
    'not ok 1 # TODO: later\nok 2 - b # skip: no\nok 3 - c #SKIP\nok 4 # Skipping d\nnot ok 5 - e # TODO(#12) f',
    ['skipped test 1', 'skipped b', 'skipped c', 'skipped test 4', 'skipped e'],
  ],
  ['line ends of others within a name', 'not ok 1 - a\u2028b\rc', ['failed a\u2028b\rc']],
  ['other lines between', 'building…\nok 1 - a\nlinking…\nok 2 b', ['passed a', 'passed b']],
  ['lines without numbers after a plan', '1..2\nok a\nnot ok b', ['passed a', 'failed b']],
  ['words that only begin alike', 'okay then\nnot okay', []],
  ['Windows line ends', 'ok 1 - a\r\n1..1\r', ['passed a']],
  [
    'a group whose parts all passed but which failed',
    '# Subtest: g\n    ok 1 - a\n    1..1\nnot ok 1 - g',
    ['passed g > a', 'failed g'],
  ],
  [
    'three dashes that something has printed',
    'ok 1 - a\nsome output\n  ---\nnot ok 2 - b\n---\nnot ok 3 - c\n1..3',
    ['passed a', 'failed b', 'failed c'],
  ],
  ['a block that nobody has ended', 'ok 1 - a\n  ---\n  x: 1\n\n  y: 2\nnot ok 2 - b', ['passed a', 'failed b']],
  [
    'a plan before subtests without an announcement',
    'ok 1 - a\n    1..2\n    ok 1 - b\n    ok 2 - c\nok 2 - g\n    1..1\n    not ok 1 - d\nnot ok 3 - h\n1..3',
    ['passed a', 'passed b', 'passed c', 'failed d'],
  ],
  ['subtests without an announcement', '    ok 1 - a\n    not ok 2 - b\nnot ok 1 - g', ['passed a', 'failed b']],
])('%s', (_, text, outcomes) => {
  expect(outcomesOf(readTap(text))).toEqual(outcomes);
});

test('a block that is open at the end is noted', () => {
  expect(readTap('not ok 1 - a\n  ---\n  error: e').notes).toEqual([expect.stringContaining('it ends within')]);
  expect(readTap('not ok 1 - a\n  ---\n  error: e').cases[0]?.said[0]?.message).toBe('e');
});

const GROUPS = `TAP version 13
ok 1 - test/a.js # time=12.3ms {
    # Subtest: adds
        ok 1 - one
        1..1
    ok 1 - adds # time=1ms
    ok 2 - more # time=2ms {
        ok 1 - two
        1..1
    }
    1..2
    # time=9ms
}

not ok 2 - test/b.js # time=20ms
  ---
  exitCode: 1
  ...
{
    not ok 1 - breaks
      ---
      at:
        file: test/b.js
        line: 4
      ...
    1..1
    # failed 1 test
}

not ok 3 - test/c.js # TODO not yet {
    not ok 1 - will work
    1..1
}

1..3
# time=40ms
`;

test('groups in braces, as node-tap writes what it runs at once, are no tests of their own, and have their own', () => {
  const read = readTap(GROUPS);
  expect(outcomesOf(read)).toEqual([
    'passed test/a.js > adds > one',
    'passed test/a.js > more > two',
    'failed test/b.js > breaks',
    'skipped test/c.js > will work',
  ]);
  expect(read.failing).toEqual(['test/b.js', 'breaks']);
  expect(read.notes).toEqual([]);
});

test.each([
  [
    'whose line comes first is told of by what failed in it',
    'not ok 1 - g {\n    ok 1 - a\n    not ok 2 - b\n    1..2\n}\nok 2 - h',
    ['passed g > a', 'failed g > b', 'passed h'],
    ['b', 'b'],
  ],
  ['that breaks off', 'not ok 1 - g {\n    ok 1 - a\n    not ok 2 - b', ['passed g > a', 'failed g > b'], ['b', 'b']],
  [
    'that has failed though nothing in it has',
    'not ok 1 - g {\n    ok 1 - a\n    1..1\n}\n1..1',
    ['passed g > a', 'failed g'],
    ['g'],
  ],
  [
    'whose plan was not kept',
    'ok 1 - g {\n    1..2\n    ok 1 - a\n}\n1..1',
    ['passed g > a', 'failed g > the plan of the tests'],
    ['the plan of the tests'],
  ],
  ['that is none', 'not ok 1 - parses a {\nok 2 - b\n1..2', ['failed parses a {', 'passed b'], ['parses a {']],
  [
    'that is none, before a group without braces',
    'ok 1 - parses a {\n    not ok 1 - c\n    1..1\nnot ok 2 - g\n1..2',
    ['passed parses a', 'failed parses a > c'],
    ['c', 'c'],
  ],
  ['that is what a test has printed', 'ok 1 - a\n{\n  "b": 1\n}\nok 2 - c\n1..2', ['passed a', 'passed c'], []],
])('a group in braces %s', (_, text, outcomes, failing) => {
  const read = readTap(text);
  expect(outcomesOf(read)).toEqual(outcomes);
  expect(read.failing).toEqual(failing);
});

test.each([
  [
    "Perl's Test::More",
    "not ok 1 - adds\n#   Failed test 'adds'\n#   at t/sum.t line 5.\n#          got: '1'\n1..1\n# Looks like you failed 1 test of 1.",
    "Failed test 'adds'\nat t/sum.t line 5.\n       got: '1'",
    { file: 't/sum.t', line: 5 },
  ],
  [
    'bats',
    "not ok 1 adds\n# (from function `check' in file test/help.bash, line 3,\n#  in test file test/sum.bats, line 7)\n#   `check 1' failed\n1..1",
    "(from function `check' in file test/help.bash, line 3,\nin test file test/sum.bats, line 7)\n`check 1' failed",
    { file: 'test/sum.bats', line: 7 },
  ],
])('what %s says of a failure in comments is its text, and where it has failed', (_, text, said, place) => {
  const failed = readTap(text).cases.find(({ outcome }) => outcome === 'failed');
  expect(failed?.said).toEqual([{ message: '', text: said }]);
  expect(failed && placesOf(failed)[0]).toEqual(place);
});

test('what Mocha says of a failure stands indented after it', () => {
  const text = '  1 == 2\n  AssertionError: 1 == 2\n  \n      at Context.<anonymous> (test/a.js:2:61)';
  const read = readTap(`not ok 1 sum\n${text}\nok 2 more\n  odd\nnot ok 3 last\nprinted\n  later\n1..3`);
  expect(outcomesOf(read)).toEqual(['failed sum', 'passed more', 'failed last']);
  const [sum, , last] = read.cases;
  expect(sum?.said[0]?.text).toBe('1 == 2\nAssertionError: 1 == 2\n    at Context.<anonymous> (test/a.js:2:61)');
  expect(sum && placesOf(sum)[0]).toEqual({ file: 'test/a.js', line: 2, column: 61 });
  expect(last?.said).toEqual([{ message: '', text: '' }]);
});

test.each([
  ['of one line', 'expected \\"1\\" to be 2', ['expected "1" to be 2']],
  ['of several lines, which are not indented', 'Snapshot mismatched\n\n- 1\n+ 2', ['Snapshot mismatched', '- 1\n+ 2']],
])('an error may have a message below it, %s, as Vitest writes it', (_, message, said) => {
  const block = `        ---
        error:
            name: "AssertionError"
            message: "${message}"
        at: "/work/test/sum.test.ts:9:21"
        actual: "1"
        expected: "2"
        ...`;
  const group = `    1..3\n    not ok 1 - subtracts # time=1.20ms\n${block}\n    ok 2 - adds # time=0.50ms\n    ok 3 - more`;
  const read = readTap(`TAP version 13\n1..1\nnot ok 1 - test/sum.test.ts # time=12.00ms {\n${group}\n}`);
  const suite = 'test/sum.test.ts';
  expect(outcomesOf(read)).toEqual([
    ...[`passed ${suite} > adds`, `passed ${suite} > more`, `failed ${suite} > subtracts`],
  ]);
  const failed = read.cases.at(-1);
  const [first = '', rest = ''] = said;
  expect(failed?.said[0]?.message).toBe(first);
  expect(failed?.said[0]?.text).toContain(rest);
  expect(failed && placesOf(failed)[0]).toEqual({ file: '/work/test/sum.test.ts', line: 9, column: 21 });
});

test('quotes in a block that do not end hide no test', () => {
  const block = '  ---\n  message: "no end\n  ...';
  const read = readTap(`not ok 1 - a\n${block}\nok 2 - b\nnot ok 3 - c\n  ---\n  message: "no end\nok 4 - d\n1..4`);
  expect(outcomesOf(read)).toEqual(['failed a', 'passed b', 'failed c', 'passed d']);
});

test('a block may be JSON, as Deno writes it', () => {
  const message = 'AssertionError: Values are not equal.\n    at file:///work/a_test.ts:4:9';
  const block = JSON.stringify({ at: { file: 'a_test.ts', line: 3 }, message, severity: 'fail' });
  const read = (text: string) =>
    readTap(`TAP version 14\n# ./a_test.ts\nnot ok 1 - adds\n  ---\n  ${text}\n  ...\n1..1`).cases[0];
  expect(read(block)).toMatchObject({ name: 'adds', outcome: 'failed', file: 'a_test.ts', line: 3 });
  expect(read(block)?.said[0]?.message).toBe('AssertionError: Values are not equal.\nat file:///work/a_test.ts:4:9');
  for (const odd of ['{}', '{"at":null}', '{"at":{"file":', '{ no JSON }'])
    expect(read(odd)).toMatchObject({ name: 'adds', outcome: 'failed', said: [{}] });
});

test('Windows line ends are no part of a block', () => {
  const block = "  ---\r\n  message: 'x'\r\n  location: '/work/a.test.js:3:1'\r\n  ...\r\n";
  const [failed] = readTap(`1..1\r\nnot ok 1 - a\r\n${block}`).cases;
  expect(failed).toMatchObject({ file: '/work/a.test.js', line: 3, said: [{ message: 'x', text: "message: 'x'" }] });
});

test('a block may follow what a test has printed, as Ava writes it', () => {
  const read = readTap(
    'not ok 1 - a\n#   hello\n  ---\n    message: m\n    at: "test/a.js:3:1"\n  ...\nok 2 - b\n1..2',
  );
  expect(outcomesOf(read)).toEqual(['failed a', 'passed b']);
  expect(read.cases[0]?.said[0]?.text).toContain('message: m');
});

test.each([
  ['bats', 'ok 1 adds in 12ms', 'adds', 12],
  ['bats, skipped', 'ok 1 adds in 3ms # skip why', 'adds', 3],
  ['node-tap', 'ok 1 - adds # time=12.6ms', 'adds', 13],
  ['a test that is called so', 'ok 1 - answers in 12ms', 'answers in 12ms', undefined],
])('how long a test took is no part of its name: %s', (_, text, name, durationMs) => {
  expect(readTap(`${text}\n1..1`).cases).toMatchObject([{ name, durationMs }]);
});

test.each([
  ['before it stands one without a time', 'ok 1 adds\nnot ok 2 answers in 12ms\n1..2', 'failed answers in 12ms'],
  ['one without a time follows', 'not ok 1 answers in 12ms\nok 2 adds\n1..2', 'failed answers in 12ms'],
  ['the program says its version', 'TAP version 13\nnot ok 1 answers in 12ms\n1..1', 'failed answers in 12ms'],
  ['it says its plan then', 'TAP version 13\n1..1\nnot ok 1 answers in 12ms', 'failed answers in 12ms'],
])('the end of a name is no time where %s', (_, text, failed) => {
  const read = readTap(text);
  expect(outcomesOf(read)).toContain(failed);
  expect(read.cases.map(({ durationMs }) => durationMs)).toEqual(read.cases.map(() => undefined));
});

test('each program writes times in its own way', () => {
  const tape = 'TAP version 13\nok 1 answers in 12ms\n1..1\n# tests 1';
  const bats = '1..3\nok 1 adds in 3ms\nok 2 later # skip\nnot ok 3 fails in 4ms';
  const inTimes = ['passed adds', 'skipped later', 'failed fails'];
  expect(outcomesOf(readTap(`${tape}\n${bats}`))).toEqual(['passed answers in 12ms', ...inTimes]);
  expect(outcomesOf(readTap(`${bats}\n${tape}`))).toEqual([...inTimes, 'passed answers in 12ms']);
});

test('a group may say its version, after it has begun in braces', () => {
  const read = readTap('TAP version 14\nnot ok 1 - a {\n    TAP version 14\n    not ok 1 - b\n    1..1\n}\n1..1');
  expect(outcomesOf(read)).toEqual(['failed a > b']);
});

test('comments are no text of a test that has a block, has passed, or came before another, and are bounded', () => {
  const read = readTap('not ok 1 - a\n  ---\n  error: e\n  ...\n# next\nok 2 - b\n# passed\nnot ok 3 - c');
  expect(read.cases.map(({ said }) => said)).toEqual([
    [{ message: 'e', text: 'error: e' }],
    [],
    [{ message: '', text: '' }],
  ]);
  const [long] = readTap(`not ok 1 - a\n${`# ${'x'.repeat(900)}\n`.repeat(1_000)}`).cases;
  expect(long?.said[0]?.text.length).toBeLessThanOrEqual(4_000);
});

test.each([
  ['too few tests', '1..3\nok 1\nok 2', 'the plan says 3, and 2 came: the tests ended early'],
  ['too many tests', 'ok 1\nok 2\n1..1', 'the plan says 1, and 2 came: there are more tests than planned'],
  ['no test at all', '1..2', 'the plan says 2, and 0 came: the tests ended early'],
  ['a number beyond it', '1..3\nok 2\nok 4\nok 1', 'the plan says 3, and a test has the number 4'],
  [
    'a number beyond it in a group',
    '# Subtest: g\n    ok 1 - a\n    ok 3 - b\n    1..2\nok 1 - g\n1..1',
    'the plan says 2, and a test has the number 3',
  ],
  ['none, though the program says its version', 'TAP version 14\nok 1\nok 2', 'no plan came: the tests ended early'],
  ['nothing but a version', 'TAP version 13', 'no plan came: the tests ended early'],
  [
    'too few, of a plan with a reason',
    '1..3 # of all\nok 1\nok 2',
    'the plan says 3, and 2 came: the tests ended early',
  ],
  [
    'too few in a group that passed',
    '# Subtest: g\n    1..2\n    ok 1 - a\nok 1 - g\n1..1',
    'the plan says 2, and 1 came: the tests ended early',
  ],
])('a plan that was not kept is a failure: %s', (_, text, message) => {
  const read = readTap(text);
  const failed = read.cases.filter(({ outcome }) => outcome === 'failed');
  expect(failed).toMatchObject([{ name: 'the plan of the tests', said: [{ message }] }]);
  expect(read.failing).toEqual(['the plan of the tests']);
});

test('what several programs have written one after the other is one account', () => {
  expect(readTap('TAP version 13\nok 1\nok 2\n1..2\nTAP version 13\n1..1\nok 1').failing).toEqual([]);
  expect(readTap('1..0 # SKIP no database\n1..2\nok 1\nok 2').failing).toEqual([]);
  expect(readTap('1..2\nok 2\nok 1\n1..1\nok 1\nok 1 - a {\n    ok 1 - b\n    1..1\n}\n1..1').failing).toEqual([]);
});

test('what follows a program that died within a group is of no group of it', () => {
  const died = 'TAP version 13\n# Subtest: g\n    not ok 1 - a\nTAP version 13\n';
  for (const directive of ['SKIP', 'TODO']) {
    const read = readTap(`${died}ok 1 - b # ${directive} no\n1..1`);
    expect(read.failing).toEqual(['a']);
    expect(outcomesOf(read)).toEqual(['failed g > a', 'skipped b']);
  }
  expect(outcomesOf(readTap(`${died}ok 1 - b\n1..1`))).toEqual(['failed g > a', 'passed b']);
});

test.each(['', '\nTAP version 13\n1..1\nok 1 - b'])(
  'a plan is not kept within a group that breaks off, before "%s"',
  (more) => {
    const read = readTap(`TAP version 13\n# Subtest: g\n    1..3\n    ok 1 - a${more}`);
    expect(outcomesOf(read)).toContain('failed g > the plan of the tests');
    expect(read.failing).toEqual(['the plan of the tests']);
  },
);

test('bailing out is a failure that ends the reading, and what is no TAP is noted', () => {
  expect(readTap('nothing of the kind').notes[0]).toContain('no TAP');
  const read = readTap('1..5\nok 1 - a\nBail out! no database\nok 2 - b');
  expect(outcomesOf(read)).toEqual(['passed a', 'failed Bail out!']);
  expect(read.cases[1]?.said[0]?.message).toBe('no database');
});

test('whatever comes, nothing is thrown and everything is bounded', () => {
  const parts = fc.constantFrom(
    'ok',
    'not ok',
    '1..2',
    '# Subtest: x',
    '---',
    '...',
    'Bail out!',
    '# TODO',
    ' - name',
    'error: |-',
    'at:',
    '{',
    '}',
    'ok 1 - g {',
  );
  const line = fc.tuple(fc.nat({ max: 70 }), fc.array(fc.oneof(parts, fc.string({ maxLength: 12 })), { maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const read = readTap(lines.map(([indent, words]) => ' '.repeat(indent) + words.join(' ')).join('\n'));
      expect(read.cases.length).toBeLessThanOrEqual(lines.length);
      for (const { name } of read.cases) expect(name.length).toBeLessThanOrEqual(300);
    }),
    { numRuns: 300 },
  );
});

test('of flat tests as many are read as were written', () => {
  const points = fc.array(fc.boolean(), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(points, (oks) => {
      const lines = oks.map((ok, nr) => `${ok ? 'ok' : 'not ok'} ${nr + 1} - test ${nr}`);
      const read = readTap([`1..${oks.length}`, ...lines].join('\n'));
      expect(read.cases.map(({ outcome }) => outcome === 'passed')).toEqual(oks);
      expect(read.failing).toHaveLength(oks.filter((ok) => !ok).length);
      expect(read.notes).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
