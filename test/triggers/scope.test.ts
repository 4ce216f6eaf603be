import { expect, test } from 'vitest';
import * as triggers from '../../src/triggers/index.js';
import { scope } from '../../src/triggers/index.js';

/** Each trigger that a delivery may fire, with an option of its own. */
const OPTIONS = {
  push: { branches: ['main'] },
  tag: { tags: ['v*'] },
  pullRequest: { draft: false },
  mergeGroup: { branches: ['main'] },
  comment: { commands: ['deploy'] },
  review: { actions: ['approved'] },
  release: { prerelease: false },
  deployment: { environments: ['production'] },
  status: { states: ['failure'] },
} as const;
const plainTriggers: Readonly<Record<string, unknown>> = { ...triggers };
const names = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];
const repositories = ['acme/*', '!acme/old'];

test.each(names)('%s of a scope is as if it had named source and repositories itself', (name) => {
  const plain = plainTriggers[name] as (options: object) => unknown;
  const both = scope({ source: 'github', repositories })[name] as (options?: object) => unknown;
  expect(both(OPTIONS[name])).toEqual(plain({ ...OPTIONS[name], sources: ['github'], repositories }));
  expect(both()).toEqual(plain({ sources: ['github'], repositories }));
  const ofSource = scope({ source: 'github' })[name] as (options?: object) => unknown;
  expect(ofSource({ repositories })).toEqual(plain({ sources: ['github'], repositories }));
  const anySource = scope({ repositories })[name] as (options?: object) => unknown;
  expect(anySource()).toEqual(plain({ repositories }));
});

test.each(names)('%s of a scope can not leave it', (name) => {
  const bound = scope({ source: 'github', repositories })[name] as (options?: object) => unknown;
  expect(() => bound({ sources: ['gitlab'] })).toThrow(`${name}(): "sources" is set by its scope() already`);
  expect(() => bound({ repositories: ['other/*'] })).toThrow(`${name}(): "repositories" is set by its scope() already`);
  expect(() => bound({ branch: ['main'] })).toThrow(`${name}(): unknown option "branch"`);
});

test.each(names)('%s of a scope says what it takes where it is given something else', (name) => {
  const bound = scope({ source: 'github', repositories })[name] as (options?: unknown) => unknown;
  expect(() => bound('main')).toThrow(`${name}() takes an object of options, not "main"`);
  expect(() => bound(null)).toThrow(`${name}() takes an object of options, not null`);
});

test('every trigger that names sources is in a scope', () => {
  const takesSources = Object.entries(triggers).filter(([name, trigger]) => {
    if (name === 'scope') return false;
    try {
      (trigger as (options: object) => unknown)({ sources: ['github'] });
      return true;
    } catch {
      return false;
    }
  });
  expect(takesSources.map(([name]) => name).sort()).toEqual(Object.keys(scope({ source: 'github' })).sort());
});

test('events of services have no repository: generic is in the scope of a source alone', () => {
  expect(scope({ source: 'shop' }).generic({ types: ['order'] })).toEqual(
    triggers.generic({ sources: ['shop'], types: ['order'] }),
  );
  expect(scope({ source: 'shop', repositories })).not.toHaveProperty('generic');
});

test.each([
  [{}, 'takes a "source", "repositories", or both'],
  [{ source: '' }, '"source" must be the name of a source'],
  [{ source: ['github'] }, '"source" must be the name of a source'],
  [{ sources: ['github'] }, 'unknown option "sources"; did you mean "source"?'],
  [{ repositories: ['acme'] }, 'can never match'],
])('a scope of nothing is refused: %j', (where, words) => {
  expect(() => scope(where as never)).toThrow(words);
});
