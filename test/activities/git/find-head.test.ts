import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createFindCommit } from '../../../src/activities/git/find-commit.js';
import { createFindHead } from '../../../src/activities/git/find-head.js';
import { activity, depsOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { tempFolder } from '../../support/temp-folder.js';

let repository: TestRepository;
let first = '';
let second = '';
/** Behind a ref that anybody may push to. */
let pulled = '';
let findHead: ReturnType<typeof createFindHead>;
let findCommit: ReturnType<typeof createFindCommit>;

beforeAll(async () => {
  const folder = await tempFolder('heads');
  repository = await openRepository(folder);
  first = await repository.commit({ a: '1' });
  second = await repository.commit({ a: '2' });
  await repository.git('commit', '--quiet', '--allow-empty', '--message=theirs');
  pulled = await repository.git('rev-parse', 'HEAD');
  const refs = [`${pulled}:refs/pull/7/head`, `${first}:refs/heads/both`, `${first}:refs/heads/other`];
  await repository.git('tag', '--annotate', '--message=1', 'v1', first);
  await repository.git('push', '--quiet', repository.bare, ...refs, `${second}:refs/tags/both`, 'refs/tags/v1');
  // A branch that is called like the beginning of the stranger's commit.
  await repository.git('push', '--quiet', repository.bare, `${second}:refs/heads/${pulled.slice(0, 12)}`);
  const clone = { url: join(folder, 'repositories/{fullName}.git') };
  const dc = { kind: 'bitbucket-data-center' as const, url: 'https://git.example', secrets: [{ env: 'HOOK' }], clone };
  const deps = depsOf({ ...configOf({ sources: { dc } }, { HOOK: 'x' }), data: folder });
  findHead = createFindHead(deps);
  findCommit = createFindCommit(deps);
});

const where = { source: 'dc', repository: 'acme/app' };
const head = (ref: string) => activity().run(findHead, { ...where, ref });
const commit = (sha: string, ...refs: string[]) => activity().run(findCommit, { ...where, sha, refs });

test('a branch or a tag is found by its short name or its whole one, an annotated tag as its commit', async () => {
  expect(await head('main')).toEqual({ ref: 'refs/heads/main', sha: second });
  expect(await head('v1')).toEqual({ ref: 'refs/tags/v1', sha: first });
  expect(await head('refs/tags/both')).toEqual({ ref: 'refs/tags/both', sha: second });
  expect(await head('refs/heads/both')).toEqual({ ref: 'refs/heads/both', sha: first });
});

test.each([
  ['both', /has a branch and a tag "both": say which is meant, refs\/heads\/both or refs\/tags\/both/],
  ['none', /acme\/app has no branch or tag "none"$/],
  ['refs/tags/main', /acme\/app has no tag "main"/],
  ['refs/pull/7/head', /neither a branch .* nor a tag/],
  ['--upload-pack=touch', /no branch or tag/],
  ['a b', /is not a ref that git allows/],
])('a ref %s is refused, with what to do', async (ref, message) => {
  await expect(head(ref)).rejects.toMatchObject({ type: 'Refused', message: expect.stringMatching(message) });
});

test('a commit by its name alone is refused: it may be of a fork', async () => {
  for (const sha of [second, pulled, pulled.slice(0, 10)])
    await expect(head(sha)).rejects.toMatchObject({ message: expect.stringContaining('name a branch or a tag') });
});

test('a commit is found in the ref that leads to it, else in a history that has it, the named refs first', async () => {
  expect(await commit(second, 'main')).toEqual({ ref: 'refs/heads/main', sha: second });
  expect(await commit(first, 'v1')).toEqual({ ref: 'refs/tags/v1', sha: first });
  expect(await commit(first, 'main')).toEqual({ ref: 'refs/heads/main', sha: first });
  expect(await commit(first.slice(0, 12), 'refs/heads/other')).toEqual({ ref: 'refs/heads/other', sha: first });
  expect(await commit(second)).toMatchObject({ ref: expect.stringMatching(/^refs\/heads\//), sha: second });
});

test.each([
  [() => [pulled]],
  [() => [pulled, 'main']],
  [() => [pulled, 'refs/pull/7/head']],
  [() => [pulled.slice(0, 12), 'main']],
  [() => ['d'.repeat(40), 'main']],
])('a commit that no branch and no tag has is refused, whatever it is said to belong to: %s', async (of) => {
  const [sha = '', ...refs] = of();
  await expect(commit(sha, ...refs)).rejects.toMatchObject({
    type: 'Refused',
    message: expect.stringMatching(/is in no branch or tag of acme\/app: it may be a stranger's/),
  });
});

test('what is no name of a commit reaches no git', async () => {
  for (const sha of ['main', '--all', 'HEAD~1', first.toUpperCase()])
    await expect(commit(sha, 'main')).rejects.toMatchObject({ type: 'Refused', message: /is not a commit's name/ });
});
