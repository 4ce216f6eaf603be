import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Life } from '../../../../src/cli/processes/blame/life.js';
import { findDead, openLifeFile } from '../../../../src/cli/processes/blame/life-files.js';
import { CODE } from '../../../../src/worker/work-notes.js';
import { keepLog } from '../../../support/harness/log.js';
import { tempFolder } from '../../../support/temp-folder.js';

/** Of a process that is gone: its id is higher than any system gives. */
const GONE: Life = {
  host: hostname(),
  pid: 2 ** 30,
  started: 'a boot/1',
  since: 0,
  carefulMs: 90_000,
  afterDeath: true,
};

test('whatever was written last can be read, also where ids are of any script, and longer ones came before', async () => {
  const data = await tempFolder('life-files');
  const workflowId = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constant('deploy/größe-日本/🚀'));
  await fc.assert(
    fc.asyncProperty(fc.array(workflowId, { minLength: 1, maxLength: 6 }), async (ids) => {
      const lives = ids.map((id): Life => ({ ...GONE, code: { workflowId: id, at: CODE } }));
      const file = openLifeFile(data, 'one');
      for (const life of lives) file.write(life);
      const dead = await findDead(data, keepLog().log);
      expect(dead.map(({ life }) => life)).toEqual(lives.slice(-1));
      file.remove();
    }),
    { numRuns: 200 },
  );
});

test('what can not be read beside is told of, and does not hide the others', async () => {
  const data = await tempFolder('life-files');
  await mkdir(join(data, 'workers', 'a-folder.json'), { recursive: true });
  openLifeFile(data, 'b').write(GONE);
  const { log, lines } = keepLog();
  expect(await findDead(data, log)).toMatchObject([{ id: 'b.json', life: GONE }]);
  expect(lines()).toMatchObject([{ file: join(data, 'workers', 'a-folder.json') }]);
});

test('what is noted once the file is removed goes nowhere, and not into one that was opened since', async () => {
  const data = await tempFolder('life-files');
  const file = openLifeFile(data, 'one');
  const other = join(data, 'other');
  file.remove();
  // It has the number that the first one had.
  const handle = openSync(other, 'w');
  try {
    expect(() => file.write(GONE)).not.toThrow();
  } finally {
    closeSync(handle);
  }
  expect(await readFile(other, 'utf8')).toBe('');
});
