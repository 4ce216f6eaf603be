import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placesOf } from '../../../../src/activities/job/reports/places.js';
import { fixture, outcomesOf, readJunit } from './reports.js';

const failing = (name: string) => {
  const found = readJunit(fixture(name)).cases.find(({ outcome }) => outcome === 'failed');
  if (!found) throw new Error(`${name} has no failing test`);
  return found;
};

describe('the dialects of JUnit XML', () => {
  test.each([
    [
      'pytest.xml',
      [
        'passed tests.test_sum > test_adds',
        'failed tests.test_sum > test_subtracts[3-2]',
        'skipped tests.test_sum > test_later',
        'skipped tests.test_sum > test_known',
        'failed tests.test_db.TestDb > test_reads',
        'passed tests.test_db.TestDb > test_writes',
      ],
    ],
    [
      'jest-junit.xml',
      ['passed sum adds > sum adds', 'failed sum subtracts > sum subtracts', 'skipped sum multiplies > sum multiplies'],
    ],
    [
      'vitest.xml',
      [
        'passed test/sum.test.ts > sum > adds',
        'failed test/sum.test.ts > sum > subtracts',
        'skipped test/sum.test.ts > sum > divides',
      ],
    ],
    [
      'go-junit-report.xml',
      [
        'passed acme.dev/shop/sum > TestAdds',
        'failed acme.dev/shop/sum > TestSubtracts',
        'passed acme.dev/shop/sum > TestSubtracts/negative',
        'skipped acme.dev/shop/sum > TestLater',
      ],
    ],
    [
      'surefire.xml',
      [
        'passed com.acme.SumTest > adds',
        'failed com.acme.SumTest > subtracts',
        'flaky com.acme.SumTest > connects',
        'skipped com.acme.SumTest > later',
        'passed com.acme.SumTest > divides',
      ],
    ],
    [
      'phpunit.xml',
      [
        'passed Acme.SumTest > testAdds',
        'failed Acme.SumTest > testSubtracts with data set #0',
        'skipped Acme.SumTest > testLater',
      ],
    ],
    [
      'gtest.xml',
      ['passed Sum > Adds', 'failed Sum > Subtracts', 'skipped Sum > DISABLED_Later', 'skipped Sum > Skips'],
    ],
  ])('%s gives its tests, each with how it ended', (name, outcomes) => {
    const read = readJunit(fixture(name));
    expect(outcomesOf(read)).toEqual(outcomes);
    expect(read.notes).toEqual([]);
  });

  test.each([
    ['pytest.xml', { file: 'tests/test_sum.py', line: 10 }],
    ['jest-junit.xml', { file: '/work/src/sum.test.js', line: 9, column: 23 }],
    ['vitest.xml', { file: 'test/sum.test.ts', line: 9, column: 21 }],
    ['go-junit-report.xml', { file: 'sum/sum_test.go', line: 12 }],
    ['surefire.xml', { file: 'src/test/java/com/acme/SumTest.java', line: 14 }],
    ['phpunit.xml', { file: '/work/tests/SumTest.php', line: 17 }],
    ['gtest.xml', { file: 'tests/sum_test.cc', line: 10 }],
  ])('a failing test of %s names the line at which it failed', (name, place) => {
    expect(placesOf(failing(name))).toContainEqual(place);
  });

  test('the own file of a test goes before those of libraries that its stack names', () => {
    expect(placesOf(failing('surefire.xml'))[0]?.file).toMatch(/SumTest\.java$/);
    expect(placesOf(failing('vitest.xml'))[0]).toEqual({ file: 'test/sum.test.ts', line: 9, column: 21 });
  });

  test('a report of a module names files of the module', () => {
    const files = placesOf(failing('surefire.xml'), 'shop/target/surefire-reports').map(({ file }) => file);
    expect(files).toContain('shop/src/test/java/com/acme/SumTest.java');
  });

  test('a test keeps all messages of its failures, and times with commas between thousands', () => {
    expect(failing('gtest.xml').said.map(({ message }) => message.split('\n')[0])).toEqual([
      'tests/sum_test.cc:10',
      'tests/sum_test.cc:11',
    ]);
    expect(failing('surefire.xml')).toMatchObject({ durationMs: 1_200_001 });
    expect(failing('surefire.xml').said).toHaveLength(1);
  });

  test('what a flaky test said when it failed is kept, without what it printed', () => {
    const flaky = readJunit(fixture('surefire.xml')).cases.find(({ outcome }) => outcome === 'flaky');
    expect(flaky?.said).toEqual([
      {
        message: 'Connection refused',
        text: expect.stringMatching(/^java\.net\.ConnectException: [\s\S]*SumTest\.java:22\)$/),
      },
    ]);
  });

  test('lines of pytest are counted from 0, those of others from 1', () => {
    expect(readJunit(fixture('pytest.xml')).cases[0]).toMatchObject({ file: 'tests/test_sum.py', line: 4 });
    expect(readJunit(fixture('gtest.xml')).cases[0]).toMatchObject({ file: 'tests/sum_test.cc', line: 5 });
  });

  test('a suite that fails without a test is told as one', () => {
    const read = readJunit('<testsuite name="db"><error message="no database">at setup</error></testsuite>');
    expect(read.cases).toMatchObject([
      { name: 'db', outcome: 'failed', said: [{ message: 'no database', text: 'at setup' }] },
    ]);
  });
});

describe("what Node's own runner writes", () => {
  const todo = '<skipped type="todo" message="later"/><failure message="1 == 2">at a.test.mjs:2:43</failure>';
  const inGroup = (group: string, inner: string) =>
    `<testsuite name="${group}"><testcase name="works" classname="test">${inner}</testcase></testsuite>`;

  test('a test that is expected to fail has not failed', () => {
    const read = readJunit(`<testsuites><testcase name="a" classname="test">${todo}</testcase></testsuites>`);
    expect(outcomesOf(read)).toEqual(['skipped test > a']);
  });

  test('tests of one name are told apart by their groups', () => {
    const groups = inGroup('sum', '<failure/>') + inGroup('deep', '');
    const read = readJunit(`<testsuites><testsuite name="all">${groups}</testsuite></testsuites>`);
    expect(outcomesOf(read)).toEqual(['failed all > sum > works', 'passed all > deep > works']);
  });

  test('a class called so in a report of pytest is a class', () => {
    const read = readJunit('<testsuite name="pytest"><testcase classname="test" name="a"/></testsuite>');
    expect(outcomesOf(read)).toEqual(['passed test > a']);
  });
});

test.each(['status="FAILED"', 'status="error"', 'result="failed"', 'status="fail"'])(
  'a test that says %s has failed, without an element that says why',
  (said) => {
    const read = readJunit(`<testsuite name="s"><testcase name="a" ${said}/></testsuite>`);
    expect(outcomesOf(read)).toEqual(['failed s > a']);
  },
);

test.each(['PHPUnit\\Framework\\RiskyTestError', 'PHPUnit_Framework_RiskyTestError'])(
  'a test that PHPUnit calls risky (%s) has not failed, and one that has failed too has',
  (type) => {
    const risky = `<error type="${type}">This test did not perform any assertions</error>`;
    const read = readJunit(
      `<testsuite name="s"><testcase name="a">${risky}</testcase><testcase name="b">${risky}<failure/></testcase></testsuite>`,
    );
    expect(outcomesOf(read)).toEqual(['skipped s > a', 'failed s > b']);
    expect(read.cases[0]?.said[0]?.text).toContain('did not perform any assertions');
  },
);

test.each(['failure message="1 == 2" type="CHECK"', 'error type="TEST_CASE"'])(
  'a test that may fail to Catch2 has not failed (<%s>), and one beside it has',
  (tag) => {
    const failure = `<${tag}>FAILED: at a.cpp:3</${tag.split(' ')[0]}>`;
    const spared = `<skipped message="TEST_CASE tagged with !mayfail"/>${failure}`;
    const read = readJunit(
      `<testsuite name="s"><testcase name="a">${spared}</testcase><testcase name="b">${failure}</testcase></testsuite>`,
    );
    expect(outcomesOf(read)).toEqual(['skipped s > a', 'failed s > b']);
  },
);

test.each([
  ['doctest', 'failure', 'WARN'],
  ['doctest', 'failure', 'WARN_THROWS_AS'],
  ['Behat', 'error', 'pending'],
  ['Behat', 'error', 'undefined'],
])('what %s writes as <%s type="%s"> is no failure, and one beside it is one', (_, tag, type) => {
  const spared = `<${tag} message="spared" type="${type}">as it is written</${tag}>`;
  const both = `${spared}<failure message="no" type="CHECK">a.cpp:4</failure>`;
  const read = readJunit(
    `<testsuite name="s"><testcase name="a">${spared}</testcase><testcase name="b">${both}</testcase></testsuite>`,
  );
  expect(outcomesOf(read)).toEqual(['skipped s > a', 'failed s > b']);
  expect(read.cases[0]).toMatchObject({ isDoubtful: true, said: [{ message: 'spared' }] });
  expect(read.cases[1]?.said.map(({ message }) => message)).toEqual(['no']);
});

test('where what follows a step that nobody has written is told as skipped, the end says whether it failed', () => {
  const inner = '<error type="undefined" message="And Something new"/><skipped>Then I must have 10</skipped>';
  const read = readJunit(`<testsuite name="s"><testcase name="a" status="UNDEFINED">${inner}</testcase></testsuite>`);
  expect(outcomesOf(read)).toEqual(['skipped s > a']);
  expect(read.cases[0]).toMatchObject({ isDoubtful: true, said: [{ message: 'And Something new' }] });
});

test('an undefined step that is a failure to its writer is one', () => {
  const failure = '<failure type="undefined" message="Undefined Step: I pay">it has no code</failure>';
  expect(outcomesOf(readJunit(`<testsuite name="s"><testcase name="a">${failure}</testcase></testsuite>`))).toEqual([
    'failed s > a',
  ]);
});

test('what says that it failed, and why that is none, has not failed', () => {
  const inner = '<testcase name="a" status="failed"><skipped/></testcase><testcase name="b" status="run"/>';
  expect(outcomesOf(readJunit(`<testsuite name="s">${inner}</testsuite>`))).toEqual(['skipped s > a', 'passed s > b']);
});

test.each([
  ['1.5', 1_500],
  ['0,001', 1],
  ['1,5', 1_500],
  ['12,25', 12_250],
  ['1,234', 1_234_000],
  ['1,200.001', 1_200_001],
  ['1,234,567', 1_234_567_000],
  ['1e-3', 1],
  ['-1', undefined],
  ['1.234,5', undefined],
])('a time of %s is one of %s ms', (time, durationMs) => {
  expect(readJunit(`<testsuite><testcase name="a" time="${time}"/></testsuite>`).cases[0]?.durationMs).toBe(durationMs);
});

describe('what linters write', () => {
  const failing = (report: string) => {
    const [found] = readJunit(report).cases;
    if (!found) throw new Error('it has no test');
    return placesOf(found);
  };

  test.each(['line 3, col 5, Error - Unexpected var. (no-var)', 'line 3, column 5'])(
    '%s is a line of its file',
    (text) => {
      const report = `<testsuite name="/work/src/a.js"><testcase name="org.eslint.no-var" classname="/work/src/a"><failure message="Unexpected var.">${text}</failure></testcase></testsuite>`;
      expect(failing(report)[0]).toEqual({ file: '/work/src/a.js', line: 3 });
    },
  );

  test.each([
    ['ESLint', 'line 3, col 5, Warning - Unexpected console statement. (no-console)'],
    ['SwiftLint', 'warning:\nLine:12 '],
  ])('a warning of %s is no failure, and an error beside it is one', (_, text) => {
    const case_ = (name: string, said: string) =>
      `<testcase name="${name}"><failure message="m">${said}</failure></testcase>`;
    const error = text.replace('Warning', 'Error').replace('warning', 'error');
    const read = readJunit(`<testsuite name="/work/src/a.js">${case_('a', text)}${case_('b', error)}</testsuite>`);
    expect(read.cases.map(({ outcome, said }) => [outcome, said[0]?.message])).toEqual([
      ['skipped', 'm'],
      ['failed', 'm'],
    ]);
  });

  test('a test that is called as a place fails there', () => {
    const report =
      '<testsuite name="phpstan"><testcase name="src/Sum.php:12"><failure message="no type"/></testcase></testsuite>';
    expect(failing(report)).toContainEqual({ file: 'src/Sum.php', line: 12 });
  });
});

describe('XML that is hostile or broken', () => {
  const one = (inside: string) => `<testsuite name="s"><testcase name="a"/>${inside}</testsuite>`;
  const laughs = `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>`;

  test.each([
    [
      'entities that it declares itself',
      laughs + one('<testcase name="b"><failure>&b;&c;</failure></testcase>'),
      'undefined entity',
    ],
    [
      'names of JavaScript as entities',
      one('<testcase name="b"><failure>&constructor;</failure></testcase>'),
      'undefined entity',
    ],
    ['an end that is missing', '<testsuite name="s"><testcase name="a"/>', 'unclosed tag'],
    ['control characters', one('<testcase name="b"><failure>\u0001</failure></testcase>'), 'disallowed character'],
    ['something else than XML', '<<<>>>', 'not well-formed'],
  ])('%s are noted, and what can be read counts', (_, text, note) => {
    const read = readJunit(text);
    expect(read.notes.join('\n')).toContain(note);
    expect(JSON.stringify(read.cases)).not.toMatch(/haha|root:|native code/);
    if (text.includes('name="a"')) expect(outcomesOf(read)[0]).toBe('passed s > a');
  });

  test('elements a thousand deep end the reading', () => {
    const read = readJunit(one('<x>'.repeat(1_000)));
    expect(read.notes).toEqual(['its elements are more than 100 deep']);
    expect(outcomesOf(read)).toEqual(['passed s > a']);
  });

  test('a document without tests says so', () => {
    expect(readJunit('<coverage/>').notes).toEqual(['it holds no test']);
  });

  test('texts without an end are cut', () => {
    const long = 'x'.repeat(3_000_000);
    const { cases } = readJunit(
      one(`<testcase name="${long}"><failure message="${long}">${long}</failure></testcase>`),
      4_096,
    );
    expect(JSON.stringify(cases).length).toBeLessThan(10_000);
  });

  test('whatever comes, nothing is thrown, and the pieces in which it comes make no difference', () => {
    const names = fc.constantFrom(
      'testsuites',
      'testsuite',
      'testcase',
      'failure',
      'error',
      'skipped',
      'flakyFailure',
      'system-out',
      'a:b',
    );
    const texts = fc.oneof(
      fc.string({ maxLength: 10 }),
      fc.constantFrom('&amp;', '&x;', '<![CDATA[', ']]>', '<!--', '<?x', '"', '='),
    );
    const tags = fc
      .tuple(
        fc.constantFrom('<', '</'),
        names,
        fc.constantFrom('', ' name="n"', " file='f' line='3'", ' time="1e9" a'),
        fc.constantFrom('>', '/>', ''),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.oneof(tags, texts), { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = parts.join('');
        const whole = readJunit(text);
        expect(readJunit(text, size).cases).toEqual(whole.cases);
        for (const { name, outcome } of whole.cases) {
          expect(name.length).toBeLessThanOrEqual(300);
          expect(['passed', 'failed', 'skipped', 'flaky']).toContain(outcome);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('as many tests are read as were written', () => {
    const kinds = { passed: '', failed: '<failure/>', skipped: '<skipped/>', flaky: '<flakyError/>' } as const;
    const cases = fc.array(fc.constantFrom<keyof typeof kinds>('passed', 'failed', 'skipped', 'flaky'), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 8 }), (outcomes, depth) => {
        const inner = outcomes.map((outcome, nr) => `<testcase name="t${nr}">${kinds[outcome]}</testcase>`).join('');
        const read = readJunit(
          `${'<testsuite name="s">'.repeat(depth + 1)}${inner}${'</testsuite>'.repeat(depth + 1)}`,
        );
        expect(read.cases.map(({ outcome }) => outcome)).toEqual(outcomes);
      }),
      { numRuns: 100 },
    );
  });
});

test.each([1, 7, 10_000])('colours that tests have printed lose no test, read in pieces of %i', (pieces) => {
  const words = '\u001b[31mred\u001b[0m &#27;[0m \u0000\u0008\ufffe'.repeat(60);
  const read = readJunit(
    `<testsuite name="s"><testcase name="a"><system-out>${words}<![CDATA[${words}]]></system-out></testcase>` +
      `<testcase name="\u001b[1mb"><failure message="${words}"/></testcase></testsuite>`,
    pieces,
  );
  expect(outcomesOf(read)).toEqual(['passed s > a', 'failed s > [1mb']);
  expect(read.notes).toEqual([expect.stringContaining('disallowed characters')]);
});

test('a report that is given up says so', () => {
  const read = readJunit(
    `<testsuite name="s"><testcase name="a"/>${'<x y=1/>'.repeat(60)}<testcase name="b"/></testsuite>`,
  );
  expect(outcomesOf(read)).toEqual(['passed s > a']);
  expect(read.notes).toEqual([
    expect.stringMatching(/^it is not well-formed/),
    expect.stringMatching(/^the rest is not read/),
  ]);
});
