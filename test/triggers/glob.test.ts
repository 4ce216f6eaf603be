import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { createPathMatcher, included, includerOf, surelyIncluded } from '../../src/triggers/glob.js';
import { push } from '../../src/triggers/index.js';
import { createGeneralMatcher, createSegmentMatcher, isSimple, matchPart } from '../../src/triggers/segments.js';

describe('patterns', () => {
  const globs = [
    'src/**',
    'src/**/x',
    '**/*.md',
    'docs/*',
    'a*c',
    '?b',
    'release/*/**',
    '**',
    '*',
    'v*',
    'v1.?',
    'a/**/b/**/c',
    '_posts/*-*-*.md',
    '*.{ts,js}',
    'v[0-9]*',
    '!(main)',
    'docs/**.md',
    './src/**',
  ];
  const texts = [
    'src',
    'src/a',
    'src/a/x',
    'src/x',
    'readme.md',
    'docs/a.md',
    'docs/a/b.md',
    'abc',
    'ac',
    'bb',
    'release/1',
    'release/1/x',
    'v1',
    'v1.2',
    'a/b/c',
    'a/x/b/y/c',
    '_posts/2026-11-24.md',
    'x.ts',
    'v9',
    'main',
    '.github/x',
  ];

  test('a line break is a character as any other, also beside an escape that means nothing', () => {
    for (const glob of ['{x,y}/**', '{\\@x,y}/**'])
      expect(included(`${glob.includes('@') ? '@' : ''}x/a\nb`, [glob])).toBe(true);
  });

  test.each(globs)('%s matches what picomatch says', (glob) => {
    const theirs = picomatch(glob, { dot: true, nonegate: true });
    for (const text of texts) {
      const ours = glob.startsWith('!') ? !included(text, [glob]) : included(text, [glob]);
      const expected = glob.startsWith('!')
        ? picomatch(glob.slice(1), { dot: true, nonegate: true })(text)
        : theirs(text);
      expect(ours, text).toBe(expected);
    }
  });

  test('patterns take time in proportion: names made of dashes are no trouble', () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `_posts/${'-'.repeat(2_000)}${i}`);
    expect(names.some((name) => included(name, ['_posts/*-*-*-*-*-*.md']))).toBe(false);
  });

  test('patterns that are not simple may have few stars, and see no long text', () => {
    expect(() => push({ paths: ['{a,b}*-*-*-*'] })).toThrow('"{a,b}*-*-*-*" may have at most 2 stars in a part');
    expect(() => push({ messages: ['{a,b}*/*/*'] })).toThrow('"{a,b}*/*/*" may have at most 2 stars in a part');
  });

  test('let in what is too long for them, unless they say who is trusted', () => {
    const long = 'b'.repeat(10_000);
    expect(included(long, ['{a,-}*-*'])).toBe(true);
    expect(included(long, ['!{a,-}*-*'])).toBe(true);
    expect(included(long, ['a', '!{a,-}*-*'])).toBe(false);
    expect(surelyIncluded(long, ['{a,-}*-*'])).toBe(false);
    expect(surelyIncluded(long, ['!{a,-}*-*'])).toBe(false);
    expect(surelyIncluded('acme/shop', ['acme/*'])).toBe(true);
  });

  test('of one list are for names here and for text there', () => {
    const list = ['a*'];
    expect(includerOf(list)('a/b')).toBe(false);
    expect(includerOf(list, 'text')('a/b')).toBe(true);
    expect(includerOf(list)('a/b')).toBe(false);
  });

  test.each([
    ['[WIP]*', '[WIP] more', 'Wash the car'],
    ['*[bot]', 'renovate[bot]', 'scott'],
    ['*[skip ci]*', 'x [skip ci]', 'chips'],
    ['* (#*)', 'Fix it (#3)', 'Fix it #3'],
    ['fix(*): *', 'fix(a/b): it', 'fix: it'],
    ['[a-c]*', 'b', '[a-c]'],
    ['[a-a]*', 'a', '[a-a]'],
    ['[z-a]*', '[z-a] more', 'z'],
    ['[._]*', '[._] more', '. more'],
    ['[a-zA-Z0-9_]*', 'b', '[b'],
    ['[A-z]*', 'b', '1'],
    ['[0-9x].[0-9x]', '1.x', '1.y'],
    ['[v0-9]*', 'v2', '[v0-9]'],
    ['[CVE-2020-9] *', '[CVE-2020-9] more', 'C more'],
    ['*[ci-skip]*', 'x [ci-skip]', 'docs: more'],
    ['*[skip-ci]*', 'x [skip-ci]', 'chips'],
    ['[ABC-12]*', '[ABC-12] more', 'Ada'],
    ['[ABC-*] *', '[ABC-12] more', 'Ada'],
    ['[pre-release]*', '[pre-release] more', 'review'],
    ['[2026-11]*', '[2026-11] more', '2'],
    ['[!a]*', 'b', 'a'],
    ['(a|b)*', 'ab', '(a|b)'],
    ['\\[a\\]', '[a]', 'a'],
    ['@(a)b', 'ab', '@(a)b2'],
  ])('for text take %j as its author means it', (glob, included, not) => {
    const includes = includerOf([glob], 'text');
    expect([includes(included), includes(not)]).toEqual([true, false]);
  });

  test('for text know no parts', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '/', '-', ' ', '.', ':') });
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(after !== '');
        expect(includerOf([`${before}*`], 'text')(`${before}${after}`)).toBe(true);
        expect(includerOf([`!${before}*`], 'text')(`${before}${after}`)).toBe(false);
        expect(includerOf([`${before}{b,*}`], 'text')(`${before}/x`)).toBe(true);
      }),
    );
    const long = '-/'.repeat(20_000);
    expect(includerOf(['*-*-*-*-*-*x'], 'text')(long)).toBe(false);
  });
});

test('what follows `**` is not looked for in what stands before it', () => {
  const matches = createSegmentMatcher('a/**/a/b');
  expect(['a/b', 'a/a/b', 'a/x/a/b'].map(matches)).toEqual([false, true, true]);
});

test('paths of any length are matched by globs of text, stars, braces and classes, and short ones by any', () => {
  const long = `${'a/'.repeat(2_000)}x.css`;
  const told = (glob: string) => [long, 'x.css', 'x.js'].map((path) => createPathMatcher(glob)(path));
  expect(told('**/*.css')).toEqual([true, true, false]);
  expect(told('**/*.{css,html}')).toEqual([true, true, false]);
  expect(told('**/*.@(css|html)')).toEqual([undefined, true, false]);
});

test('stars match no empty part', () => {
  expect(['*', '**', '?', ''].map((part) => matchPart(part, ''))).toEqual([false, false, false, true]);
});

test('a question mark, and a class, take a whole character, be it an emoji', () => {
  const pairs = (...all: readonly (readonly [string, string])[]) => all;
  const whole = pairs(
    ['v?', 'v😀'],
    ['?', '😀'],
    ['*?', '😀'],
    ['{v,w}-?', 'v-😀'],
    ['[!a]b', '😀b'],
    ['x/??', 'x/😀é'],
  );
  const half = pairs(['v??', 'v😀'], ['??', '😀'], ['*??', '😀'], ['{v,w}-??', 'v-😀'], ['[!a][!a]b', '😀b']);
  const tried = (all: readonly (readonly [string, string])[]) => [
    ...all.map(([glob, name]) => included(name, [glob])),
    ...all.map(([glob, name]) => createPathMatcher(glob)(name)),
    ...all.map(([glob, name]) => includerOf([glob], 'text')(name)),
  ];
  expect(tried(whole)).toEqual(Array(18).fill(true));
  expect(tried(half)).toEqual(Array(15).fill(false));
  expect(['a😀b', 'a😀'].map((name) => included(name, ['a😀?']))).toEqual([true, false]);
});

test('a glob whose letters are escaped on the way matches as any other', () => {
  expect(['über', 'uber'].map((name) => included(name, ['ü*']))).toEqual([true, false]);
});

test('the quick forms match what the patient way matches', () => {
  const part = fc.constantFrom('a', 'ab', 'src', '.md', 'x.md', '', '*', '**', '*.md', 'a*', '?', 'a*b');
  const glob = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const text = fc
    .array(fc.constantFrom('a', 'ab', 'src', '.md', 'x.md', '', 'axb'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  fc.assert(
    fc.property(glob, text, (pattern, name) => {
      fc.pre(isSimple(pattern));
      expect(createSegmentMatcher(pattern)(name)).toBe(createGeneralMatcher(pattern)(name));
    }),
    { numRuns: 5_000 },
  );
});
