import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findReports } from '../../../../src/activities/job/reports/find-reports.js';
import { tempFolder } from '../../../support/temp-folder.js';

test('reports of any path are those that the patterns name, and a path that is too long for one is told of', async () => {
  const root = await tempFolder('reports');
  const deep = Array.from({ length: 4 }, (_, i) => `${i}`.repeat(80)).join('/');
  await mkdir(join(root, deep), { recursive: true });
  for (const name of ['a.xml', 'b.tap', 'c.log', 'd.xml']) await writeFile(join(root, deep, name), '');
  const found = async (...patterns: readonly string[]) => {
    const { files, notes } = await findReports(root, patterns);
    return { files: files.map((path) => path.slice(deep.length + 1)), notes };
  };
  expect(await found('**/*.{xml,tap}', '!**/[d-f].*')).toEqual({ files: ['a.xml', 'b.tap'], notes: [] });
  const tried = 'characters: on those, only globs of text, *, ?, {a,b} and [a-z] are tried';
  expect(await found('**/@(a|b).*')).toEqual({
    ...{ files: [], notes: [`**/@(a|b).* was not tried on 4 paths of more than 256 ${tried}`] },
  });
  expect(await found('**/*.xml', '!**/@(a|b).*')).toEqual({
    ...{ files: ['a.xml', 'd.xml'], notes: [`!**/@(a|b).* was not tried on 2 paths of more than 256 ${tried}`] },
  });
});
