import { expect, test } from 'vitest';
import { createCommits } from '../../../src/activities/pull-requests/commits.js';
import { createPullRequests } from '../../../src/activities/pull-requests/pull-requests.js';

const where = { source: 'github', repository: 'acme/shop' };
const range = { kind: 'pull_request', number: 7 } as const;
const calling = (api: object) =>
  (async (_: unknown, ask: (api: object) => unknown) => ({ result: await ask(api) })) as never;

test('a change without files counts for a list that only takes away, and for no other', async () => {
  const { findChangedFiles } = createCommits(calling({ changedFiles: async () => [] }));
  const paths = [['!docs/**'], ['src/**'], ['src/**', '!src/x']];
  expect(await findChangedFiles({ ...where, range, paths })).toEqual({ known: true, count: 0, hits: ['', null, null] });
});

test('a reaction says whether the comment is on a line, where numbers are others', async () => {
  const asked: unknown[] = [];
  const { react } = createPullRequests(calling({ react: async (to: unknown) => asked.push(to) }));
  await react({ ...where, number: 7, commentId: '61', reaction: 'eyes', onLine: true });
  expect(asked).toEqual([{ number: 7, commentId: '61', reaction: 'eyes', onLine: true }]);
});
