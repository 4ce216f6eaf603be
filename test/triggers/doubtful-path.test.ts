import { expect, test } from 'vitest';
import { doubtOfPath } from '../../src/triggers/doubtful-path.js';
import { included } from '../../src/triggers/glob.js';

test.each<[string, string[], string[]]>([
  ['src/**.ts', ['src/**/*.ts'], ['src/b.ts', 'src/a/b.ts']],
  ['docs**', ['docs*', 'docs*/**'], ['docs', 'docs-x', 'docs/a/b.md']],
  ['README**', ['README*', 'README*/**'], ['README.md']],
  ['a/x**y', ['a/x*y', 'a/x*/**/*y'], ['a/xzy', 'a/xb/c/dy']],
  ['src**/x.ts', ['src*/**/x.ts'], ['src/x.ts', 'src2/x.ts', 'src/a/x.ts']],
  ['**_test.go', ['**/*_test.go'], ['a_test.go', 'b/c/a_test.go']],
  ['**test**', ['**/*test*', '**/*test*/**'], ['mytest.js', 'a/mytest.js', 'a/tests/b']],
])('two stars beside other characters cross no folder: %s is told, and %j are meant', (pattern, meant, files) => {
  const asked = (negation: string) => meant.map((each) => `"${negation}${each}"`).join(', ');
  expect(doubtOfPath(pattern, [pattern])).toContain(`did you mean ${asked('')}?`);
  expect(doubtOfPath(`!${pattern}`, [`!${pattern}`])).toContain(`did you mean ${asked('!')}?`);
  // Nothing of what the pattern matches may be lost to who follows the advice.
  for (const file of files) expect(included(file, meant), file).toBe(true);
  for (const each of meant) expect(doubtOfPath(each, [each])).toBeUndefined();
});

test.each([
  '**',
  '**.md',
  '**/*.md',
  'src/**',
  'src/**/*.ts',
  'a/**/b/*',
  '*.md',
  'src/{a,b}**',
  '**/**.md',
  'a/**/x**/**',
])('two stars as a part are plain: %s', (pattern) => {
  expect(doubtOfPath(pattern, [pattern])).toBeUndefined();
});
