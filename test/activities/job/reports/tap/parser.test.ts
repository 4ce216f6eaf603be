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
  ['subtests without an announcement', '    ok 1 - a\n    not ok 2 - b\nnot ok 1 - g', ['passed a', 'failed b']],
])('%s', (_, text, outcomes) => {
  expect(outcomesOf(readTap(text))).toEqual(outcomes);
});

test('a block that is open at the end is noted', () => {
  expect(readTap('not ok 1 - a\n  ---\n  error: e').notes).toEqual([expect.stringContaining('it ends within')]);
  expect(readTap('not ok 1 - a\n  ---\n  error: e').cases[0]?.said[0]?.message).toBe('e');
});

test.each([
  ['too few tests', '1..3\nok 1\nok 2', 'the plan says 3, and 2 came: the tests ended early'],
  ['too many tests', 'ok 1\nok 2\n1..1', 'the plan says 1, and 2 came: there are more tests than planned'],
  ['no test at all', '1..2', 'the plan says 2, and 0 came: the tests ended early'],
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
});

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
