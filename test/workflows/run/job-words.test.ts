import { expect, test } from 'vitest';
import { summaryOf } from '../../../src/workflows/run/job-words.js';

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
