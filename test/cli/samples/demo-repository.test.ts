import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { commitToDemo } from '../../../src/cli/samples/demo-repository.js';
import { openRepository } from '../../support/harness/repository.js';
import { tempFolder } from '../../support/temp-folder.js';

test('a demo commits to its own repository, also from a hook of another one, whose variables name that one', async () => {
  const folder = await tempFolder('demo');
  const other = await openRepository(folder);
  const theirs = await other.commit({ 'a.txt': 'a' });
  vi.stubEnv('GIT_DIR', join(folder, 'work/.git'));
  vi.stubEnv('GIT_WORK_TREE', join(folder, 'work'));
  try {
    const first = await commitToDemo(folder, 'works');
    expect(first.before).toBe('0'.repeat(40));
    expect(await commitToDemo(folder, 'broken')).toMatchObject({ before: first.after });
  } finally {
    vi.unstubAllEnvs();
  }
  expect(await other.git('rev-parse', 'HEAD')).toBe(theirs);
  await access(join(folder, 'demo/work/add.js'));
});
