import { expect, test } from 'vitest';
import { inWords, summaryOf } from '../../../src/workflows/run/job-words.js';

test.each([
  ['plain', ''],
  ['```sh\nopen', '\n```'],
  ['```sh\nclosed\n```', ''],
  ['````\n```\nopen', '\n````'],
  ['```\n~~~\nopen', '\n```'],
  ['~~~\nopen', '\n~~~'],
  ['~~~\n```\nopen', '\n~~~'],
  ['```not `a` fence\n```js\nopen', '\n```'],
  ['```\n```js\nopen', '\n```'],
  ['<!-- closed --> <!-- open', '\n-->'],
])('what a summary leaves open takes in nothing of what follows: %j', (summary, end) => {
  expect(summaryOf({ summary }).block).toBe(`\n${summary}${end}\n`);
});

test('where the steps ran, and what became of caches and artifacts, stands around the steps, in a list', () => {
  const moved = { bytes: 3 * 1024 * 1024, durationMs: 1_200 };
  const result = {
    ...{ outcome: 'passed' as const, passed: true, steps: [], outputs: {}, durationMs: 4_000, tail: '', attempt: 1 },
    url: 'u',
    runner: 'in a sandbox, without network',
    caches: [
      { key: 'npm-1', hit: 'exact' as const, restored: { key: 'npm-1', ...moved } },
      { key: 'npm-2', hit: 'older' as const, restored: { key: 'npm-1', ...moved }, saved: moved },
      { hit: 'none' as const, because: 'pip was not used' },
    ],
    artifacts: [
      { name: 'site', kept: { bytes: 1024 * 1024, files: 3 } },
      { name: 'report', because: 'there is no report' },
    ],
  };
  expect(inWords(result, { commit: { sha: 'a'.repeat(40), url: undefined as never } }).replaceAll('\\', '')).toBe(
    [
      'passed in 4.0 s at aaaaaaa',
      '- ↳ ran in a sandbox, without network',
      '- ↳ cache npm-1: restored 3.0 MB in 1.2 s',
      '- ↳ cache npm-2: restored npm-1, 3.0 MB in 1.2 s; saved 3.0 MB in 1.2 s',
      '- ↳ cache: pip was not used',
      '- ↳ artifact site: kept, 1.0 MB',
      '- ↳ artifact report: not kept: there is no report',
    ].join('\n'),
  );
});
