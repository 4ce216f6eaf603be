import { expect, test } from 'vitest';
import { compare } from '../../src/catalog/compare-with-config.js';
import { doubtOfRegularExpression } from '../../src/triggers/doubtful-regular-expression.js';
import { pullRequest, tag } from '../../src/triggers/index.js';

const REGULAR = ['v\\d+', '!v\\d+.\\d+', '^fix', '!^WIP', '*\\s*', '\\w+'];
test.each(REGULAR)('%s is told to be a regular expression', (pattern) => {
  expect(doubtOfRegularExpression(pattern)).toContain('as regular expressions do: patterns are globs');
});

const GLOBS = ['v1.*', 'v[0-9]*', 'release-*', 'fix: a^b', 'src\\docs', '\\[WIP\\]*', 'CORP\\\\d.smith', '!main'];
test.each(GLOBS)('%s is none', (pattern) => {
  expect(doubtOfRegularExpression(pattern)).toBeUndefined();
});

test('they are told at load, of names and of text', async () => {
  const on = [tag({ tags: ['v\\d+'] }), pullRequest({ titles: ['^fix'] })];
  const { filename: file } = import.meta;
  const report = { file, automations: [{ name: 'ci', on }], functions: [], problems: [], names: [] };
  expect(await compare(report as never, undefined)).toEqual({
    problems: [],
    warnings: [
      expect.stringContaining('tags: "v\\\\d+" has "\\\\d"'),
      expect.stringContaining('titles: "^fix" has "^"'),
    ],
  });
});
