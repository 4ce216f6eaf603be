import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefName } from '../../src/events/git-names.js';
import { included } from '../../src/triggers/glob.js';
import { deployment, generic, pullRequest, push, release, status, tag } from '../../src/triggers/index.js';
import { doubtOfChoices, problemWithPattern } from '../../src/triggers/pattern-problems.js';

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
  ['branches', '/^release-.*$/', branches, 'it is a regular expression, and patterns are globs'],
  ['branches', '!/feature-.*/i', branches, 'it is a regular expression'],
  ['tags', '/v\\d+/', (pattern) => tag({ tags: [pattern] }), 'it is a regular expression'],
  ['branches', 'a//b', branches, 'did you mean "a/b"?'],
  ['branches', 'my branch', branches, 'git allows no branch with " "'],
  ['branches', '^main', branches, 'git allows no branch with "^"'],
  ['branches', 'a..b', branches, 'git allows no branch with ".."'],
  ['branches', 'x.lock', branches, 'with a part that ends with ".lock"'],
  ['branches', '!', branches, 'it is empty'],
  ['branches', 'HEAD', branches, 'git allows no branch of that name'],
  ['branches', '!HEAD', branches, 'git allows no branch of that name'],
  ['branches', '.hidden', branches, 'with a part that begins with "."'],
  ['branches', 'a/.b', branches, 'with a part that begins with "."'],
  ['branches', '**/.b*', branches, 'with a part that begins with "."'],
  ['branches', 'a/./b', branches, 'with a part that begins with "."'],
  ['branches', '[main', branches, 'git allows no branch with "["'],
  ['branches', 'v[0-9]/x[', branches, 'git allows no branch with "["'],
  ['branches', 'main@{1}', branches, 'git allows no branch with "@{"'],
  ['branches', 'a.lock/**', branches, 'with a part that ends with ".lock"'],
  ['branches', 'main.', branches, 'with a part that ends with "."'],
  ['branches', 'feature\\**', branches, 'did you mean "feature/**"?'],
  ['tags', '.v1', (pattern) => tag({ tags: [pattern] }), 'git allows no tag with a part that begins with "."'],
  ['a release', '[v1', (pattern) => release({ tags: [pattern] }), 'git allows no tag with "["'],
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
  ['paths', 'src/./a', paths, 'did you mean "src/a"?'],
  ['paths', '!src/././*.ts', paths, 'did you mean "!src/*.ts"?'],
  ['paths', 'src/.', paths, 'did you mean "src/**"?'],
  ['paths of a pull request', '/src/**', (pattern) => pullRequest({ paths: [pattern] }), 'did you mean "src/**"?'],
  ['repositories', 'https://github.com/acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'git@github.com:acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'ssh://git@git.acme.example:2222/acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'https://git.acme.example:8443/acme/shop', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'https://bb.acme.example/scm/ACME/shop.git', repositories, 'did you mean "ACME/shop"?'],
  [
    'repositories',
    'https://bb.acme.example/projects/ACME/repos/shop/browse',
    repositories,
    'did you mean "ACME/shop"?',
  ],
  ['repositories', 'https://dev.azure.com/org/acme/_git/shop', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'https://gitlab.com/acme/web/shop/-/tree/main', repositories, 'did you mean "acme/web/shop"?'],
  ['repositories', 'https://bitbucket.org/acme/shop/src/main', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'shop', repositories, 'did you mean "*/shop", "shop/*"?'],
  ['repositories', '*', repositories, 'did you mean "**"?'],
  ['repositories', 'acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'acme/shop,acme/web', repositories, 'did you mean "acme/shop", "acme/web"?'],
  ['repositories', 'acme/app#main', repositories, 'did you mean "acme/app"?'],
  ['repositories', 'acme / app', repositories, 'did you mean "acme/app"?'],
  ['repositories', '!acme/ *', repositories, 'did you mean "!acme/*"?'],
  ['repositories', 'acme//app', repositories, 'did you mean "acme/app"?'],
  ['repositories', 'github:acme/app', repositories, 'no provider allows a repository with ":"'],
  ['branches', '{refs/heads/main,refs/heads/dev}', branches, 'did you mean "main", "dev"?'],
  ['branches', '!{main/,dev/}', branches, 'did you mean "!main/**", "!dev/**"?'],
  ['branches', '{main,dev},next', branches, 'did you mean "main", "next", "dev"?'],
  ['tags', 'refs/tags/{v,w}*', (pattern) => tag({ tags: [pattern] }), 'did you mean "{v,w}*"?'],
  ['paths', '{/src,/docs}/**', paths, 'did you mean "src/**", "docs/**"?'],
  ['paths', '{src/,{docs/,e2e/}}', paths, 'did you mean "src/**", "docs/**", "e2e/**"?'],
  ['paths', '{./src,./docs}/**', paths, 'did you mean "src/**", "docs/**"?'],
  ['paths', 'src/{a,b}/**,docs/**', paths, 'did you mean "src/a/**", "docs/**", "src/b/**"?'],
  ['repositories', '{acme,beta}', repositories, 'did you mean "*/acme", "acme/*", "*/beta", "beta/*"?'],
  ['repositories', 'acme/{app,web}#', repositories, 'did you mean "acme/app", "acme/web"?'],
  ['repositories', 'acme/', repositories, 'did you mean "acme/*"?'],
  ['repositories', 'https://github.com/acme', repositories, 'did you mean "acme/*"?'],
  ['repositories', 'git://git.acme.example/acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'org-1@github.com:acme/shop.git', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'git@ssh.dev.azure.com:v3/org/acme/shop', repositories, 'did you mean "acme/shop"?'],
  ['repositories', 'acme\\shop', repositories, 'did you mean "acme/shop"?'],
  ['authors', '{@ada,@mila}', (pattern) => push({ authors: [pattern] }), 'did you mean "ada", "mila"?'],
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
  ['branches', './main', branches],
  ['branches', 'a]', branches],
  ['branches', '\u3000main', branches],
  ['branches', '{.a,main}', branches],
  ['branches', 'a@{b,c}', branches],
  ['branches', '[^a]*', branches],
  ['branches', 'a./b', branches],
  ['tags', 'HEAD', (pattern) => tag({ tags: [pattern] })],
  ['paths', './src/**', paths],
  ['paths', '././a', paths],
  ['paths', 'src/\\*', paths],
  ['paths', 'a/.b', paths],
  ['repositories', '@acme/app', repositories],
  ['branches', '{main,refs/heads/dev}', branches],
  ['branches', 'release/{1..3,5..7}', branches],
  ['repositories', 'acme/{a,b}+', repositories],
  ['paths', '{src,/docs}/**', paths],
  ['paths', './{src,docs}/**', paths],
  ['paths', `${'{a,b}'.repeat(20)}/x`, paths],
  ['paths', 'src', paths],
  ['paths', 'Makefile', paths],
  ['repositories', 'acme/my\\_app', repositories],
  ['repositories', 'acme/app-\\d', repositories],
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

test.each([
  ['{main,refs/heads/dev}', 'branch', 'stands for "refs/heads/dev" too, which can never match', 'did you mean "dev"?'],
  ['!{src,/docs}/**', 'path', 'stands for "/docs/**" too, which can never match', 'did you mean "!docs/**"?'],
  ['acme/{app,web.git}', 'repository', 'stands for "acme/web.git" too, which can never match', 'mean "acme/web"?'],
] as const)('of %s, some choices can never match, and are told', (pattern, subject, words, meant) => {
  expect(doubtOfChoices(pattern, subject)).toMatch(words);
  expect(doubtOfChoices(pattern, subject)).toContain(meant);
});

test.each(['{main,dev}', 'v{1,2}.*', '{1..3,x}', '{,release/}v*', '{main,dev', 'a@{b,c}'])('%s has none', (pattern) => {
  expect(doubtOfChoices(pattern, 'branch')).toBeUndefined();
});

/** Names that the rules of git, and of the providers, allow. */
const refs = fc
  .array(fc.constantFrom('a', 'b', '.', '/', '@', '-', '#', '%', ']', '}', '{', '!', '(', ')', '+', '\u3000'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''))
  .filter(isRefName);
const files = fc
  .array(fc.constantFrom('a', '.', '..a', 'a b', '[', ']', '{', '#', '@', '!'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter((path) => !path.split('/').includes('.'));
const ownerNames = fc
  .tuple(
    fc.constantFrom('acme', '@acme', '~ada', 'a.b', 'My Project'),
    fc.constantFrom('app', 'a_b', '-x', "it's", 'a(b)'),
  )
  .map(([owner, name]) => `${owner}/${name}`);

/** Replaces parts of a name by what a pattern may have in their place. */
const patternFrom = (name: string) =>
  fc
    .array(fc.constantFrom('as it is', '?', '*', '[a]', '[^z]', '{a,b}', '{.a,a,b}', '@(a|b)', '[!z]'), {
      minLength: name.length,
      maxLength: name.length,
    })
    .map((ways) =>
      [...name].map((letter, i) => (ways[i] === 'as it is' || letter === '/' ? letter : ways[i])).join(''),
    );

test.each([
  ['branch', refs],
  ['tag', refs],
  ['path', files],
  ['repository', ownerNames],
] as const)('no pattern is refused that matches the name of a %s', (subject, names) => {
  const pairs = names.chain((name) => fc.tuple(fc.constant(name), fc.oneof(fc.constant(name), patternFrom(name))));
  fc.assert(
    fc.property(pairs, ([name, pattern]) => {
      fc.pre(!pattern.startsWith('!') && included(name, [pattern]));
      expect(problemWithPattern(pattern, subject) ?? '').not.toContain('can never match');
    }),
    { numRuns: 1_000 },
  );
});
