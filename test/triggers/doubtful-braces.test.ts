import { expect, test } from 'vitest';
import { compare } from '../../src/catalog/compare-with-config.js';
import { doubtOfBraces } from '../../src/triggers/doubtful-braces.js';
import { push } from '../../src/triggers/index.js';

test.each([
  ['{main, develop}', '{main,develop}'],
  ['!{ main,develop }', '!{main,develop}'],
  ['release/{1, 2}/*', 'release/{1,2}/*'],
  ['src/**/*.{ts, tsx}', 'src/**/*.{ts,tsx}'],
])('blanks in braces are told: %s', (pattern, meant) => {
  expect(doubtOfBraces(pattern)).toContain(`did you mean ${JSON.stringify(meant)}?`);
  expect(doubtOfBraces(meant)).toBeUndefined();
});

test.each(['main', 'a b/**', '{a b,c}', '{a,}', '{1..3}', '{ a }'])('%s has none, or means them', (pattern) => {
  expect(doubtOfBraces(pattern)).toBeUndefined();
});

test('they are told at load, of branches too', async () => {
  const on = [push({ branches: ['{main, develop}'] })];
  const names = [{ what: 'option branches', name: '{main, develop}', place: 'ci.ts:1:1' }];
  const report = { automations: [{ name: 'ci', on, file: 'ci.ts' }], functions: [], problems: [], names };
  const { warnings, problems } = await compare(report as never, undefined);
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    expect.stringContaining('ci.ts:1:1: branches: "{main, develop}" has blanks in its braces'),
  ]);
});
