import { expect, test } from 'vitest';
import { deployment, generic, pullRequest, push, release, status, tag } from '../../src/triggers/index.js';

type Make = (pattern: string) => unknown;
const branches: Make = (pattern) => push({ branches: [pattern] });
const paths: Make = (pattern) => push({ paths: [pattern] });
const repositories: Make = (pattern) => push({ repositories: [pattern] });

test.each<[string, string, Make, string]>([
  ['branches', 'refs/heads/main', branches, 'did you mean "main"?'],
  ['branches', '!refs/heads/main', branches, 'did you mean "!main"?'],
  ['branches', 'refs/heads/release/**', branches, 'did you mean "release/**"?'],
  ['branches', 'refs/tags/v1', branches, 'it names a tag'],
  ['branches', 'refs/remotes/origin/main', branches, 'did you mean "main"?'],
  ['branches', 'main,develop', branches, 'did you mean "main", "develop"?'],
  ['branches', 'main, develop', branches, 'did you mean "main", "develop"?'],
  ['branches', 'main ', branches, 'did you mean "main"?'],
  ['branches', '\tmain', branches, 'did you mean "main"?'],
  ['branches', '/main', branches, 'did you mean "main"?'],
  ['branches', 'release/', branches, 'did you mean "release/**"?'],
  ['branches', 'a//b', branches, 'did you mean "a/b"?'],
  ['branches', 'my branch', branches, 'git allows no branch with " "'],
  ['branches', '^main', branches, 'git allows no branch with "^"'],
  ['branches', 'a..b', branches, 'git allows no branch with ".."'],
  ['branches', 'x.lock', branches, 'git allows no branch with ".lock"'],
  ['branches', '!', branches, 'it is empty'],
  ['base branches', 'refs/heads/main', (pattern) => pullRequest({ branches: [pattern] }), 'did you mean "main"?'],
  ['head branches', 'refs/heads/x', (pattern) => pullRequest({ headBranches: [pattern] }), 'did you mean "x"?'],
  ['a status', 'refs/heads/main', (pattern) => status({ branches: [pattern] }), 'did you mean "main"?'],
  ['tags', 'refs/tags/v*', (pattern) => tag({ tags: [pattern] }), 'did you mean "v*"?'],
  ['tags', 'v1,v2', (pattern) => tag({ tags: [pattern] }), 'did you mean "v1", "v2"?'],
  ['a release', 'refs/tags/v*', (pattern) => release({ tags: [pattern] }), 'did you mean "v*"?'],
  ['paths', '/src/**', paths, 'did you mean "src/**"?'],
  ['paths', '!/docs/**', paths, 'did you mean "!docs/**"?'],
  ['paths', 'src/', paths, 'did you mean "src/**"?'],
  ['paths', '/src/', paths, 'did you mean "src/**"?'],
  ['paths', './', paths, 'did you mean "**"?'],
  ['paths', '/', paths, 'did you mean "**"?'],
  ['paths', 'src//a', paths, 'did you mean "src/a"?'],
  ['paths', '../src/**', paths, 'no path holds ..'],
  ['paths', 'src\\main\\**', paths, 'did you mean "src/main/**"?'],
  ['paths', 'C:\\src\\**', paths, 'paths begin at the root of the repository'],
  ['paths', 'src/**,docs/**', paths, 'did you mean "src/**", "docs/**"?'],
  ['paths', ' src/**', paths, 'did you mean "src/**"?'],
  ['paths of a pull request', '/src/**', (pattern) => pullRequest({ paths: [pattern] }), 'did you mean "src/**"?'],
  ['repositories', 'https://github.com/acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'git@github.com:acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'shop', repositories, 'did you mean "*/shop", "shop/*"?'],
  ['repositories', '*', repositories, 'did you mean "**"?'],
  ['repositories', 'acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'acme/shop,acme/web', repositories, 'did you mean "acme/shop", "acme/web"?'],
  ['authors', '@ada', (pattern) => push({ authors: [pattern] }), 'did you mean "ada"?'],
  ['messages', 'fix*\n\nbody', (pattern) => push({ messages: [pattern] }), 'did you mean "fix*"?'],
  ['titles', '!', (pattern) => pullRequest({ titles: [pattern] }), 'it is empty'],
])('a pattern that can never match is refused with what was meant: %s %j', (_, pattern, make, words) => {
  expect(() => make(pattern)).toThrow(`(and ${JSON.stringify(pattern)} can never match, because `);
  expect(() => make(pattern)).toThrow(words);
});

test.each<[string, string, Make]>([
  ['branches', 'main', branches],
  ['branches', 'release/**', branches],
  ['branches', '{main,develop}', branches],
  ['branches', '[0-9]*', branches],
  ['branches', 'v1.*', branches],
  ['branches', '**', branches],
  ['branches', 'dependabot/npm_and_yarn/@types/*', branches],
  ['branches', 'fix-#12', branches],
  ['paths', './src/**', paths],
  ['paths', 'src', paths],
  ['paths', 'Makefile', paths],
  ['paths', '**/*.{ts,tsx}', paths],
  ['paths', 'docs/a, b.md', paths],
  ['paths', 'a b/**', paths],
  ['paths', 'src/\\[id\\]/**', paths],
  ['paths', '.github/**', paths],
  ['repositories', '**', repositories],
  ['repositories', 'acme/**', repositories],
  ['repositories', 'My Project/shop', repositories],
  ['messages', 'fix: a, b / c*', (pattern) => push({ messages: [pattern] })],
  ['names', 'ci/circleci: build*', (pattern) => status({ names: [pattern] })],
  ['environments', 'review/*', (pattern) => deployment({ environments: [pattern] })],
  ['types', 'com.example/**', (pattern) => generic({ types: [pattern] })],
])('a pattern that may match is taken: %s %j', (_, pattern, make) => {
  expect(() => make(pattern)).not.toThrow();
});
