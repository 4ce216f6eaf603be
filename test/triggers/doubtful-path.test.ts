import { expect, test } from 'vitest';
import { doubtOfPath } from '../../src/triggers/doubtful-path.js';
import { included } from '../../src/triggers/glob.js';

test.each([
  ['src/**.ts', 'src/**/*.ts', 'src/a/b.ts'],
  ['src/**.ts', 'src/**/*.ts', 'src/b.ts'],
  ['docs**', 'docs/**', 'docs/a/b.md'],
  ['a/x**y', 'a/x*/**/*y', 'a/xb/c/dy'],
])('two stars beside other characters cross no folder: %s is told, and %s is meant', (pattern, meant, file) => {
  expect(doubtOfPath(pattern, [pattern])).toContain(`did you mean "${meant}"?`);
  expect(doubtOfPath(`!${pattern}`, [`!${pattern}`])).toContain(`did you mean "!${meant}"?`);
  expect(included(file, [meant])).toBe(true);
  expect(doubtOfPath(meant, [meant])).toBeUndefined();
});

test.each(['**', '**.md', '**/*.md', 'src/**', 'src/**/*.ts', 'a/**/b/*', '*.md', 'src/{a,b}**'])(
  'two stars as a part are plain: %s',
  (pattern) => {
    expect(doubtOfPath(pattern, [pattern])).toBeUndefined();
  },
);
