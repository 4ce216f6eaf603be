import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineMatcher, severityOf } from '../../../../src/activities/job/problems/apply-matcher.js';
import { checkedMatchers, matchersOf } from '../../../../src/activities/job/problems/matcher.js';

const ESLINT = {
  owner: 'eslint-stylish',
  pattern: [
    { regexp: '^([^\\s].*)$', file: 1 },
    {
      regexp: '^\\s+(\\d+):(\\d+)\\s+(error|warning|info)\\s+(.*)\\s\\s+(.*)$',
      line: 1,
      column: 2,
      severity: 3,
      message: 4,
      code: 5,
      loop: true,
    },
  ],
};
const TSC = {
  owner: 'tsc',
  pattern: [
    {
      regexp: '^(\\S+)\\((\\d+),(\\d+)\\): (error|warning) (TS\\d+): (.*)$',
      file: 1,
      line: 2,
      column: 3,
      severity: 4,
      code: 5,
      message: 6,
    },
  ],
};

function all(matcher: unknown, lines: readonly string[]) {
  const [only] = checkedMatchers([matcher]);
  if (!only) throw new Error('no matcher');
  return lines.flatMap(createLineMatcher(only)).filter((each) => each !== undefined);
}

describe("matchers in GitHub's format", () => {
  test('one line', () => {
    expect(all(TSC, ['building', 'src/a.ts(3,7): error TS2322: not a number'])).toEqual([
      {
        owner: 'tsc',
        severity: 'error',
        file: 'src/a.ts',
        line: 3,
        column: 7,
        code: 'TS2322',
        message: 'not a number',
      },
    ]);
  });

  test('several lines, of which the last comes again and again', () => {
    const lines = [
      '/work/a.js',
      '  1:5  error  Unexpected var  no-var',
      '  2:1  warning  Too long  max-len',
      '',
      '/work/b.js',
      '  9:9  info  Hm  x',
    ];
    expect(all(ESLINT, lines).map(({ file, line, severity, code }) => [file, line, severity, code])).toEqual([
      ['/work/a.js', 1, 'error', 'no-var'],
      ['/work/a.js', 2, 'warning', 'max-len'],
      ['/work/b.js', 9, 'notice', 'x'],
    ]);
  });

  test.each([
    [
      "Rust's",
      [
        { regexp: '^(warning|warn|error)(\\[(\\S*)\\])?: (.*)$', severity: 1, message: 4, code: 3 },
        { regexp: '^\\s+-->\\s(\\S+):(\\d+):(\\d+)$', file: 1, line: 2, column: 3 },
      ],
      ['error[E0308]: mismatched types', '  --> src/main.rs:2:9', 'error: aborting', '', '  --> src/a.rs:1:1'],
      { severity: 'error', file: 'src/main.rs', line: 2, column: 9, code: 'E0308', message: 'mismatched types' },
    ],
    [
      "PHPUnit's",
      [
        { regexp: '^\\d+\\)\\s(.*)$', message: 1 },
        { regexp: '^(.*)$' },
        { regexp: '^$' },
        { regexp: '^(.*):(\\d+)$', file: 1, line: 2 },
      ],
      ['1) SumTest::testAdds', 'Failed asserting that 1 is 2.', '', '/work/tests/SumTest.php:12'],
      { severity: 'error', file: '/work/tests/SumTest.php', line: 12, message: 'SumTest::testAdds' },
    ],
  ])('the line that says where may follow the one that says what: %s', (_, pattern, lines, found) => {
    expect(all({ owner: 'x', pattern }, lines)).toEqual([{ owner: 'x', ...found }]);
  });

  test('a line that goes on with one problem may begin the next', () => {
    const pattern = [
      { regexp: '^ERROR (.*)$', message: 1 },
      { regexp: '^(.*)$' },
      { regexp: '^at (\\S+):(\\d+)$', file: 1, line: 2 },
    ];
    const lines = ['ERROR one', 'ERROR two', 'details', 'at a.c:3', 'details', 'at b.c:4'];
    expect(all({ owner: 'x', pattern }, lines)).toEqual([
      { owner: 'x', severity: 'error', file: 'a.c', line: 3, message: 'two' },
    ]);
  });

  test('what lines do not say comes from the matcher: its severity, and the first line', () => {
    const matcher = { owner: 'x', severity: 'warning', pattern: [{ regexp: '^(\\S+) is (.*)$', file: 1, message: 2 }] };
    expect(all(matcher, ['a.c is odd'])).toEqual([
      { owner: 'x', severity: 'warning', file: 'a.c', line: 1, message: 'odd' },
    ]);
  });

  test.each([
    ['E501', undefined],
    ['error', 'error'],
    ['Warning', 'warning'],
    ['fatal error', 'error'],
    ['hint', 'notice'],
    [undefined, undefined],
  ])('the severity %s', (word, severity) => {
    expect(severityOf(word)).toBe(severity);
  });

  test('a file of theirs', () => {
    expect(matchersOf(JSON.stringify({ problemMatcher: [TSC, ESLINT] })).map(({ owner }) => owner)).toEqual([
      'tsc',
      'eslint-stylish',
    ]);
  });

  test('a mark before it, and a severity in any case, as other tools take them', () => {
    const one = { owner: 'x', severity: 'Warning', pattern: [{ regexp: '(.)', message: 1 }] };
    expect(matchersOf(`\ufeff${JSON.stringify({ problemMatcher: [one] })}`)).toMatchObject([{ severity: 'warning' }]);
    expect(() => checkedMatchers([{ ...one, severity: 'fatal' }])).toThrow('severity');
  });

  test.each([
    ['no JSON', '{', 'it is not JSON'],
    ['nothing', '{}', 'problemMatcher'],
    ['no owner', { problemMatcher: [{ pattern: [] }] }, 'problemMatcher.0.owner'],
    [
      'an expression that is none',
      [{ owner: 'x', pattern: [{ regexp: '(', file: 1, message: 1 }] }],
      'x: Invalid regular expression',
    ],
    ['no message', [{ owner: 'x', pattern: [{ regexp: '(.)', file: 1 }] }], 'must have a "message"'],
    [
      'a loop without a message',
      [
        {
          owner: 'x',
          pattern: [
            { regexp: '(a)', message: 1 },
            { regexp: '(b)', file: 1, loop: true },
          ],
        },
      ],
      'a pattern with "loop" must have a "message"',
    ],
    [
      'a loop that is not the last',
      [
        {
          owner: 'x',
          pattern: [
            { regexp: 'a', file: 0, loop: true },
            { regexp: 'b', message: 0 },
          ],
        },
      ],
      '"loop"',
    ],
    [
      'an expression that is too long',
      [{ owner: 'x', pattern: [{ regexp: 'x'.repeat(1_001), file: 0, message: 0 }] }],
      'pattern.0.regexp',
    ],
  ])('%s is refused, with what is wrong', (_, given, message) => {
    const read = () => (typeof given === 'string' ? matchersOf(given) : checkedMatchers(given));
    expect(read).toThrow(message);
  });

  test('whatever JSON comes, the answer is matchers or an error', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        try {
          expect(matchersOf(text).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 200 },
    );
  });
});
