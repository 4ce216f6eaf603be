import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommentInput, TableInput } from '../../../src/activities/contract/index.js';
import { createWriteTable } from '../../../src/activities/results/write-table.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { activity } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { tempFolder } from '../../support/temp-folder.js';

let store: Store;
beforeAll(async () => {
  store = await openSqliteStore({ path: join(await tempFolder('tables'), 'hookyard.db') });
});
afterAll(() => store.close());

test('a run that is about something older writes nothing over the table of a newer one', async () => {
  const written: CommentInput[] = [];
  const writeTable = createWriteTable(
    { config: configOf({ sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } } }, { HOOK: 'x' }), store },
    {
      writeComment: async (input) => {
        written.push(input);
        return { written: true, outcome: 'created' };
      },
    },
  );
  const where = { source: 'github', repository: 'acme/app', repositoryId: '1', number: 7, automation: 'ci' };
  const write = (order: string, change: Partial<TableInput> = {}) =>
    activity().run(writeTable, { ...where, body: `of ${order}`, order, ...change });
  expect(await write('2026-11-26T10')).toEqual({ written: true });
  expect(await write('2026-11-26T09')).toEqual({ written: false, because: 'a newer run has written there' });
  expect(await write('2026-11-26T09', { number: 8 })).toEqual({ written: true });
  expect(await write('2026-11-26T10')).toEqual({ written: true });
  expect(written.map(({ number, body, sticky }) => [number, body, sticky])).toEqual([
    [7, 'of 2026-11-26T10', 'ci/.table'],
    [8, 'of 2026-11-26T09', 'ci/.table'],
    [7, 'of 2026-11-26T10', 'ci/.table'],
  ]);
});
