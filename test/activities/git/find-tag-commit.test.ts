import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createFindTagCommit } from '../../../src/activities/git/find-tag-commit.js';
import { activity, depsOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { tempFolder } from '../../support/temp-folder.js';

let repository: TestRepository;
let commit = '';
let findTagCommit: ReturnType<typeof createFindTagCommit>;

beforeAll(async () => {
  const folder = await tempFolder('tags');
  repository = await openRepository(folder);
  commit = await repository.commit({ a: '1' });
  const clone = { url: join(folder, 'repositories/{fullName}.git') };
  const kind = 'bitbucket-data-center' as const;
  const dc = { kind, url: 'https://git.example', secrets: [{ env: 'HOOK' }], clone };
  findTagCommit = createFindTagCommit(depsOf(configOf({ sources: { dc } }, { HOOK: 'x' })));
});

/** Makes a tag and pushes it. Returns what its ref leads to. */
async function tagged(tag: string, ...options: string[]): Promise<string> {
  await repository.git('tag', '--force', ...options, tag, commit);
  await repository.git('push', '--quiet', '--force', repository.bare, `refs/tags/${tag}`);
  return repository.git('rev-parse', `refs/tags/${tag}`);
}
const find = (tag: string, sha: string) =>
  activity().run(findTagCommit, { source: 'dc', repository: 'acme/app', tag, sha });

test('an annotated tag leads to its commit, by the name of its object or of the commit', async () => {
  const object = await tagged('v2', '--annotate', '--message=two');
  expect(object).not.toBe(commit);
  expect(await find('v2', object)).toEqual({ sha: commit });
  expect(await find('v2', commit)).toEqual({ sha: commit });
});

test('a tag of a tag leads to the commit behind both', async () => {
  await tagged('inner', '--annotate', '--message=inner');
  await repository.git('tag', '--annotate', '--message=outer', 'outer', 'inner');
  await repository.git('push', '--quiet', repository.bare, 'refs/tags/outer');
  expect(await find('outer', await repository.git('rev-parse', 'refs/tags/outer'))).toEqual({ sha: commit });
});

test('a lightweight tag, with an odd name, leads to its commit', async () => {
  expect(await tagged('release/ü-1')).toBe(commit);
  expect(await find('release/ü-1', commit)).toEqual({ sha: commit });
});

test('a tag that was moved, or is gone, is refused: another delivery tells of where it leads', async () => {
  const object = await tagged('moved', '--annotate', '--message=one');
  await tagged('moved', '--annotate', '--message=two');
  await expect(find('moved', object)).rejects.toMatchObject({ type: 'Refused', message: /"moved" .* was moved to/ });
  await expect(find('never', commit)).rejects.toMatchObject({ type: 'Refused', message: /no tag "never" any more/ });
  await expect(find('-x:y', commit)).rejects.toMatchObject({ type: 'Refused' });
});
