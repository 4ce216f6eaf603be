import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TimelineEntry } from '../../../src/server/api/contract.js';
import { whyFailed } from '../../../src/server/api/log/why-failed.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { tempFolder } from '../../support/temp-folder.js';

const RUN = 'ci/github/1';
let store: Store;

beforeAll(async () => {
  store = await openSqliteStore({ path: join(await tempFolder('why'), 'store.db') });
  const write = (job: string, ...texts: string[]) =>
    store.logs.append(
      { workflowId: RUN, job },
      texts.map((text) => {
        const isNote = text.startsWith('· ');
        const line = { at: 1, attempt: 1, text: isNote ? text.slice(2) : text };
        return isNote ? { ...line, stream: 'note' as const } : { ...line, stream: 'stdout' as const, step: 'build' };
      }),
    );
  const ended = '· build: failed with exit code 1 after 1.0 s';
  await write('build', '· step 1 of 1: build', '\u001b[31msrc/a.ts:3:4: error: no\u001b[0m', 'and more', ended);
  await write('lint', '· step 1 of 1: build', 'Error: of lint', ended);
  await write('quiet', '· step 1 of 1: build', 'nothing to see', ended);
  const again = ['· step 1 of 1: build, attempt 2', 'fine', '· build: passed in 1.0 s'];
  await write('retried', '· step 1 of 1: build', 'Error: of the first try', ended, ...again);
});
afterAll(() => store.close());

const step = (job: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...{ kind: 'step', name: 'build', job, number: 1, state: 'failed', startedAt: '2026-11-24T08:00:00.000Z' },
  ...more,
});
const whyOf = (...timeline: TimelineEntry[]) =>
  whyFailed(store.logs, { run: RUN, timeline, jobs: ['build', 'lint', 'quiet', 'retried'] });

test('a run tells the line that says what is wrong, of the first job that failed, as it is read', async () => {
  const build = { job: 'build', line: 2, by: 'marked', step: 'build', text: 'src/a.ts:3:4: error: no' };
  expect(await whyOf(step('build'), step('lint'))).toEqual(build);
  expect(await whyOf(step('build', { state: 'passed' }), step('lint'))).toMatchObject({ job: 'lint', by: 'error' });
});

test('a job whose log says nothing of it, that passed later or has no log, leaves it to the next', async () => {
  expect(await whyOf(step('quiet'), step('retried'), step('build'))).toMatchObject({ job: 'build' });
  expect(await whyOf(step('none'), step('build'))).toMatchObject({ job: 'build' });
  expect(await whyOf(step('quiet'))).toBeUndefined();
  expect(await whyOf()).toBeUndefined();
});

test('where tests have failed, they say it', async () => {
  const cases = [{ name: 'adds', outcome: 'failed' as const }];
  const tests = { passed: 0, failed: 1, skipped: 0, flaky: 0, durationMs: 1, cases, notes: [] };
  expect(
    await whyOf(step('lint', { step: { name: 'build', outcome: 'failed', durationMs: 1, tests } }), step('build')),
  ).toBeUndefined();
});
