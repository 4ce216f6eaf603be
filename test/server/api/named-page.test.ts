import { expect, test } from 'vitest';
import { type NamedPage, namedPage } from '../../../src/server/api/named-page.js';

const ALL = ['build', 'Deploy', 'docs', 'redeploy'].map((name) => ({ name }));

test.each<[NamedPage, readonly string[], string | undefined]>([
  [{}, ['build', 'Deploy', 'docs', 'redeploy'], undefined],
  [{ named: 'DEPLOY' }, ['Deploy', 'redeploy'], undefined],
  [{ named: 'nothing' }, [], undefined],
  [{ limit: 4 }, ['build', 'Deploy', 'docs', 'redeploy'], undefined],
  [{ limit: 3 }, ['build', 'Deploy', 'docs'], 'docs'],
  [{ limit: 3, after: 'docs' }, ['redeploy'], undefined],
  [{ limit: 1, after: 'build' }, ['Deploy'], 'Deploy'],
  [{ limit: 1, named: 'deploy' }, ['Deploy'], 'Deploy'],
  [{ limit: 1, named: 'deploy', after: 'Deploy' }, ['redeploy'], undefined],
  [{ after: 'redeploy' }, [], undefined],
  // Also where what is looked for has changed since.
  [{ after: 'docs', named: 'deploy' }, ['redeploy'], undefined],
])('of things that have names, %j means these', (asked, names, next) => {
  const page = namedPage(ALL, asked);
  expect(page.page.map(({ name }) => name)).toEqual(names);
  expect(page.next).toBe(next);
});

test('what stood behind one that is gone is found where names are in order, and said not to be known elsewhere', () => {
  const gone = { limit: 2, after: 'deploy' };
  const sorted = ['build', 'docs', 'lint', 'test'].map((name) => ({ name }));
  const { page, next } = namedPage(sorted, gone, { isSorted: true });
  expect([page.map(({ name }) => name), next]).toEqual([['docs', 'lint'], 'lint']);
  expect(namedPage(sorted, { after: 'zebra' }, { isSorted: true })).toEqual({ page: [] });
  expect(() => namedPage(ALL, gone)).toThrow('"after" must be the "next" of the page before');
});
