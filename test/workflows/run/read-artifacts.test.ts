import { expect, test } from 'vitest';
import type { ArtifactNeeded, ArtifactOptions } from '../../../src/activities/contract/index.js';
import { readArtifacts, readNeed, readNeeds } from '../../../src/workflows/run/read-artifacts.js';

const GOOD = { name: 'site', paths: ['dist'] };

test('one artifact or several are read as they are told to a host', () => {
  expect(readArtifacts(GOOD)).toEqual([GOOD]);
  expect(
    readArtifacts([
      { ...GOOD, expires: '2 days' },
      { ...GOOD, name: 'more' },
    ]),
  ).toEqual([
    { ...GOOD, expiresMs: 2 * 24 * 3_600_000 },
    { ...GOOD, name: 'more' },
  ]);
});

test.each<[string, object, string]>([
  ['no name', { name: undefined }, 'runJob(): "artifacts" needs a "name" and "paths"'],
  ['a name that leads elsewhere', { name: '../x' }, '"artifacts.name" must be 1 to 100 letters'],
  ['a hidden file', { name: '.x' }, '"artifacts.name" must be 1 to 100 letters'],
  ['an option of a command', { name: '-x' }, '"artifacts.name" must be 1 to 100 letters'],
  ['no path', { paths: [] }, '"artifacts.paths" must be a list of at least one non-empty string'],
  ['a path outside', { paths: ['../dist'] }, '"../dist" must not lead out by ".."'],
  ['the home', { paths: ['~/.npmrc'] }, '"~/.npmrc" is not below the checkout'],
  ["git's folder", { paths: ['.git/config'] }, "must not be git's own folder"],
  ['a glob outside', { paths: ['../*.xml'] }, '"../*.xml" must not lead out of the checkout'],
  ["a glob of git's folder", { paths: ['.git/*'] }, "must not be git's own folder"],
  ['nothing but what is taken away', { paths: ['!a'] }, 'must be a list of more than what is taken away'],
  ['no time', { expires: 'soon' }, '"artifacts.expires" must be a time in milliseconds or in words'],
  ['for ever', { expires: '500 days' }, 'of 400 days at most'],
  ['another option', { path: 'x' }, 'unknown option "artifacts.path"'],
])('%s is refused in words', (_what, change, words) => {
  expect(() => readArtifacts({ ...GOOD, ...change } as ArtifactOptions)).toThrow(words);
});

test('globs are read as they are', () => {
  const paths = ['dist/**/*.js', '!**/*.map', 'a'];
  expect(readArtifacts({ ...GOOD, paths })).toEqual([{ ...GOOD, paths }]);
});

test('two of one name in a job are refused', () => {
  expect(() => readArtifacts([GOOD, GOOD])).toThrow('has two that are called "site"');
});

test('what a job needs names an artifact, a run, a folder', () => {
  const needed: ArtifactNeeded = { name: 'site', run: 'ci/github/1', dir: 'a/b', untrusted: true };
  expect(readNeeds([needed])).toEqual([needed]);
  expect(readNeed('artifact.get', { name: 'site', run: undefined, untrusted: false } as never)).toEqual({
    name: 'site',
  });
  expect(() => readNeeds([{ name: 'site', dir: '/etc' }])).toThrow('"needs[0].dir" must be a path below the checkout');
  expect(() => readNeeds([{ name: 'site', dir: '~/x' }])).toThrow('"needs[0].dir" must be a path below the checkout');
  expect(() => readNeed('artifact.get', { name: '../site' })).toThrow('artifact.get(): "name" must be');
  expect(() => readNeeds('site' as never)).toThrow('"needs" must be a list of at most 20');
});
