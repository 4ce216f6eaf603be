import { hostname } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Life } from '../../../../src/cli/processes/blame/life.js';
import { openLifeFile, takeDead } from '../../../../src/cli/processes/blame/life-files.js';
import { CODE } from '../../../../src/worker/work-notes.js';
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
      expect(await takeDead(data)).toEqual(lives.slice(-1));
      file.remove();
    }),
    { numRuns: 200 },
  );
});
