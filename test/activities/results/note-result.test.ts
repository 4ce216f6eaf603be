import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResultInput } from '../../../src/activities/contract/index.js';
import { createNoteResult, RESULTS } from '../../../src/activities/results/note-result.js';
import { namesRepository } from '../../../src/store/names-repository.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { activity } from '../../support/harness/activity.js';
import { tempFolder } from '../../support/temp-folder.js';

let store: Store;
beforeAll(async () => {
  store = await openSqliteStore({ path: join(await tempFolder('results'), 'hookyard.db') });
});
afterAll(() => store.close());

let subjects = 0;
/** Returns what tells results on a branch of its own: `call` is the activity's, and the order is that of its beginning. */
function branch() {
  subjects += 1;
  const subject = { source: 'github', repository: 'acme/app', repositoryId: '1', automation: 'ci', of: `b${subjects}` };
  return (call: number, passed: boolean, change: Partial<ResultInput> = {}) => {
    const workflowExecution = { workflowId: `ci/${call}`, runId: `r${call}` };
    const input = { ...subject, passed, order: String(call).padStart(3, '0'), ...change };
    return activity({ workflowExecution, activityId: '1' }).run(createNoteResult({ store }), input);
  };
}

test('each result is told with that of the run before, on its branch and under its name', async () => {
  const tell = branch();
  expect(await tell(1, true)).toEqual({});
  expect(await tell(2, false)).toEqual({ before: true });
  expect(await tell(3, false)).toEqual({ before: false });
  expect(await tell(4, true)).toEqual({ before: false });
  expect(await tell(5, false, { name: 'docs' })).toEqual({});
  expect(await branch()(6, false)).toEqual({});
});

test('another attempt of a call gets the same answer, also when others have come in between', async () => {
  const tell = branch();
  await tell(1, true);
  expect(await tell(2, false)).toEqual({ before: true });
  expect(await tell(2, false)).toEqual({ before: true });
  expect(await tell(3, false)).toEqual({ before: false });
  expect(await tell(2, false)).toEqual({ before: true });
});

test('a run that is about something older tells nothing over a newer one', async () => {
  const tell = branch();
  await tell(5, true);
  expect(await tell(3, false)).toEqual({ outdated: true });
  expect(await tell(6, false)).toEqual({ before: true });
});

test('of runs that end at once, each is compared with another one: only one has broken what was well', async () => {
  const tell = branch();
  await tell(1, true);
  const order = '002';
  const told = await Promise.all(Array.from({ length: 12 }, (_, i) => tell(10 + i, false, { order })));
  expect(told.filter(({ before }) => before === true)).toHaveLength(1);
  expect(told.filter(({ before }) => before === false)).toHaveLength(11);
});

test('what is kept is forgotten with its repository, and with no other', async () => {
  await branch()(1, true);
  const row = (await store.records.list(RESULTS, { limit: 1 }))[0];
  if (!row) throw new Error('nothing was kept');
  expect(namesRepository(row, { source: 'github', repository: 'acme/app' })).toBe(true);
  expect(namesRepository(row, { source: 'github', repository: 'acme/app-2' })).toBe(false);
  expect(namesRepository(row, { source: 'gitlab', repository: 'acme/app' })).toBe(false);
});
