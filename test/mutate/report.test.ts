import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { rowOf, table } from './report.mjs';

test('an area’s report counts what was noticed, and lists what is open and what is explained for nothing', async () => {
  const fileName = join(await tempFolder('report'), 'a.ts');
  await writeFile(fileName, 'a();\nb();\nc();\nd();\ne();\n');
  const file = relative(process.cwd(), fileName);
  const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored'] as const;
  const mutants = statuses.map((status, n) => {
    const line = n + 1;
    return { fileName, status, replacement: 'x', location: { start: { line, column: 1 }, end: { line, column: 4 } } };
  });
  const explained = ['`a()` → `x`', '`c()` → `x`'].map((change) => ({ file, change, reason: 'It is so.' }));
  const row = rowOf('one', {
    mutants,
    explained: [...explained, { ...explained[0], file: 'other.ts' } as never],
    ms: 90_000,
  });
  expect(row).toMatchObject({ tried: 4, noticed: 2, endless: 1, explained: 1, open: 1, untried: 1, score: 50 });
  expect(row.lines).toEqual([
    `  NoCoverage ${file}:4:1 \`d()\` → \`x\``,
    `  Explained, but noticed ${file} \`a()\` → \`x\``,
  ]);
  expect(
    table([row, { name: 'other', isTried: false }])
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ['area', 'tried', 'noticed', 'endless', 'explained', 'open', 'not tried', 'score', 'minutes'],
    ['one', '4', '2', '1', '1', '1', '1', '50.0 %', '1.5'],
    ['other', '-', '-', '-', '-', '-', '-', '-', '-'],
  ]);
});
