import { expect, test } from 'vitest';
import { namesRepository } from '../../src/store/names-repository.js';

const record = (collection: string, key: string, data: unknown = {}) => ({
  collection,
  key,
  data,
  version: 1,
  updatedAt: 1,
});
const repository = 'acme/app';

test.each([
  ['a key that is its name', record('repos', 'acme/app')],
  ['a key that begins with it', record('pulls', 'acme/app#7')],
  ['a key that ends with it', record('hookyard.heads', 'github#acme/app')],
  ['a text within', record('pulls', '7', { repository: { full_name: 'acme/app' } })],
])('%s names a repository', (_, given) => {
  expect(namesRepository(given, { repository })).toBe(true);
});

test.each([
  ['with blanks', 'Fabrikam Fiber/Web Site', 'fabrikam fiber/web site#7'],
  ['with blanks, behind a source', 'Fabrikam Fiber/Web Site', 'azure#Fabrikam Fiber/Web Site'],
  ['with an @', 'Team @Home/app', 'Team @Home/app#7'],
])('a key names a repository whose name is one %s', (_, repository, key) => {
  expect(namesRepository(record('pulls', key), { repository })).toBe(true);
  expect(namesRepository(record('pulls', key.replace(/(#\d+)?$/, '-2$1')), { repository })).toBe(false);
});

test('a repository is not one whose name goes on after a blank, or has a word before it', () => {
  const heads = record('hookyard.heads', 'azure#Contoso/Web Site', { heads: { 'branch:main': 'c0ffee' } });
  expect(namesRepository(heads, { repository: 'contoso/web site' })).toBe(true);
  expect(namesRepository(heads, { repository: 'Contoso/Web' })).toBe(false);
  const fiber = record('hookyard.heads', 'azure#Fabrikam Fiber/Web');
  expect(namesRepository(fiber, { repository: 'Fiber/Web' })).toBe(false);
  for (const key of ['Fabrikam Fiber/Web Site#7', 'The Fabrikam Fiber/Web'])
    expect(namesRepository(record('pulls', key), { repository: 'Fabrikam Fiber/Web' })).toBe(false);
  for (const key of ['acme/app@main', 'acme/app 7', 'github:acme/app'])
    expect(namesRepository(record('notes', key), { repository })).toBe(true);
});

test.each([
  ['another one whose name begins so', record('pulls', 'acme/app-2#7', { name: 'acme/app-2' })],
  ['another one whose name ends so', record('pulls', 'big-acme/app', { name: 'big-acme/app' })],
  ['a text that only mentions it', record('notes', '7', { text: 'see acme/app' })],
])('%s does not', (_, given) => {
  expect(namesRepository(given, { repository })).toBe(false);
});

test('a source is named by what Hookyard keeps, and with a repository what Hookyard keeps must be of it', () => {
  const heads = record('hookyard.heads', 'github#acme/app');
  const status = record('hookyard.statuses', 'x', { source: 'github', repository });
  for (const own of [heads, status, record('hookyard.repositories', 'github', { names: { [repository]: 1 } })]) {
    expect(namesRepository(own, { source: 'github' })).toBe(true);
    expect(namesRepository(own, { source: 'git' })).toBe(false);
    expect(namesRepository(own, { repository, source: 'gitlab' })).toBe(false);
    expect(namesRepository(own, { repository, source: 'github' })).toBe(true);
  }
  expect(namesRepository(record('pulls', 'acme/app#7'), { source: 'github' })).toBe(false);
  expect(namesRepository(record('pulls', 'acme/app#7'), { repository, source: 'github' })).toBe(true);
});
