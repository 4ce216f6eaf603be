import fc from 'fast-check';
import picomatch from 'picomatch';
import { expect, test } from 'vitest';
import { createChoiceMatcher } from '../../src/triggers/glob-choices.js';

test.each<[string, readonly string[], readonly string[]]>([
  ['**/*.{html,css}', ['a.html', 'x/y/b.css'], ['a.js', 'x/html']],
  ['src/{a,b*}/**', ['src/a', 'src/a/x', 'src/bc/x/y'], ['src/c', 'src/ab/x']],
  ['v[0-9]*', ['v1', 'v9.2'], ['v', 'vx']],
  ['[!.]*', ['a', 'b.'], ['.a', 'a/b']],
  ['x[^a]y', ['xby'], ['xay', 'x/y']],
  ['[ab]{c,}[0-9-]', ['ac1', 'b-', 'a7'], ['ac', 'abc1', 'c1']],
  ['[ab]', ['a', 'b', '[ab]'], ['ab']],
  ['*[ab]', ['xa', 'x[ab]'], ['xc']],
  ['*[a-b]', ['xa'], ['x[a-b]']],
  ['[a-b]', ['a', '[a-b]'], ['c']],
  ['[a-a]', ['a'], ['b']],
  ['{a,b}/.c', ['a/.c'], ['a/c']],
  ['{a,b}/c.', ['b/c.'], ['b/c']],
  ['c++/**/*+{a,b}.x', ['c++/1+a.x', 'c++/d/e/+b.x'], ['c/1+a.x', 'c++/1a.x']],
  ['**/a/**/b/*.{c,d}', ['a/b/x.c', 'x/a/b/b/y.d', 'a/a/b/b/b/y.d'], ['a/b/b', 'a/b/c/x.c']],
  ['{größe,?}.{t,t?t}', ['größe.txt', 'ß.t'], ['größe.x', 'ab.t']],
])('%s matches what its author means', (glob, included, not) => {
  const matches = createChoiceMatcher(glob);
  expect(included.filter((path) => matches?.(path))).toEqual(included);
  expect(not.filter((path) => matches?.(path))).toEqual([]);
});

test('globs of more than text, stars, braces and classes are left to others', () => {
  const others = [
    '{1..3}',
    '@(a|b)',
    'a\\*',
    '{a,b/c}',
    '{a,{b,c}}',
    '{a}',
    'a**',
    '{**,a}',
    '[[:alpha:]]',
    '[z-a]',
    '{a,b}+',
    '[ab]+',
    './{a,b}',
    '../{a,b}',
    '{a,b}//c',
    '+(a)',
  ];
  expect(others.filter((glob) => createChoiceMatcher(glob))).toEqual([]);
  // Nor such as stand for more than two hundred.
  const letters = Array.from({ length: 25 }, (_, i) => String.fromCharCode(97 + i));
  expect(createChoiceMatcher(`{1,2}{1,2}{1,2}{${letters}}`)?.('122y')).toBe(true);
  expect(createChoiceMatcher(`{1,2}{1,2}{1,2}{${letters},z}`)).toBeUndefined();
});

test('what is matched is what picomatch says', () => {
  const text = fc.constantFrom('a', 'b', 'ab', '.', 'a.b', '-', 'ü', '*', '?', 'a*', '*.a', 'a+', '+b');
  const braces = fc
    .array(fc.oneof(text, fc.constant('')), { minLength: 2, maxLength: 3 })
    .map((all) => `{${all.join(',')}}`);
  const piece = fc.oneof(text, braces, fc.constantFrom('[ab]', '[a-b]', '[!a]', '[^a.]', '[-a]', '[.a]'));
  const part = fc.oneof(
    { arbitrary: fc.constant('**'), weight: 1 },
    { arbitrary: fc.array(piece, { minLength: 1, maxLength: 3 }).map((all) => all.join('')), weight: 3 },
  );
  const globs = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '+', 'ü'), minLength: 1, maxLength: 4 });
  const paths = fc.array(
    name.filter((one) => !/^\.+$/.test(one)),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(globs, paths, (glob, parts) => {
      // To picomatch, a part that may be empty may be missing, and of two `**` one must not be.
      fc.pre(!glob.includes('**/**') && !glob.split('/').some((one) => createChoiceMatcher(`x${one}`)?.('x') === true));
      const matches = createChoiceMatcher(glob);
      fc.pre(matches !== undefined);
      const theirs = picomatch.makeRe(glob.replaceAll('[!', '[^'), { dot: true, nonegate: true, flags: 's' });
      expect(matches?.(parts.join('/')), `${glob} ${parts.join('/')}`).toBe(theirs.test(parts.join('/')));
    }),
    { numRuns: 5_000 },
  );
});

test('braces and classes take time in proportion to the path: names made of dashes are no trouble', () => {
  const matches = createChoiceMatcher('{a,-}*-*[-a]*-*-*{-,b}*-*.{md,txt}');
  const names = Array.from({ length: 50 }, (_, i) => `${'-'.repeat(4_000)}${i}`);
  expect(names.some((name) => matches?.(name))).toBe(false);
});
