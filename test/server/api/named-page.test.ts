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
  // It was there when the page before was read.
  [{ after: 'gone', limit: 2 }, ['build', 'Deploy'], 'Deploy'],
])('of things that have names, %j means these', (asked, names, next) => {
  const page = namedPage(ALL, asked);
  expect(page.page.map(({ name }) => name)).toEqual(names);
  expect(page.next).toBe(next);
});
