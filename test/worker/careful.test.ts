import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { CODE, type Piece } from '../../src/worker/work-notes.js';
import { closers } from '../support/harness/closers.js';
import { type Installation, openInstallation } from '../support/harness/installation.js';
import { runWorker } from '../support/harness/worker.js';
import { testClient } from '../support/temporal.js';
import { pushEvent } from '../triggers/sample-events.js';

const here = (path: string) => join(packageRoot, 'test/worker', path);
const { add, close } = closers();
const PATIENT = { timeout: 30_000 };

let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
/** What is at work, what was, and whether two ever were at once. */
let atWork: Piece[];
let done: Piece[];
let together: boolean;

beforeEach(async () => {
  atWork = [];
  done = [];
  together = false;
  client = add(await testClient());
  installation = add(
    await openInstallation({
      name: 'careful',
      automations: here('one-by-one'),
      config: () => ({
        sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
        activities: here('own-steps.ts'),
      }),
      values: { HOOK: 'secret' },
    }),
  );
});
afterEach(close);

const notes = {
  begins(piece: Piece) {
    together ||= atWork.length > 0;
    atWork.push(piece);
  },
  ends(piece: Piece) {
    atWork.splice(atWork.indexOf(piece), 1);
    done.push(piece);
  },
  beside: () => undefined,
};
const begin = (automation: 'several' | 'lasts' | 'starts' = 'several') =>
  client.workflow.start(automation, {
    taskQueue: installation.taskQueue,
    workflowId: `${automation}/careful/${randomUUID()}`,
    args: [pushEvent()],
  });
const results = (runs: readonly { result(): Promise<unknown> }[]) => Promise.all(runs.map((run) => run.result()));
const passed = (count: number) => Array.from({ length: count }, () => expect.objectContaining({ outcome: 'passed' }));

test('a careful worker does the code and the activities of many runs one after the other, each noted, until it relaxes', async () => {
  const worker = add(await runWorker(installation, { careful: { notes } }));
  const runs = await Promise.all(Array.from({ length: 6 }, () => begin()));
  expect(await results(runs)).toEqual(passed(6));
  await expect.poll(() => atWork, PATIENT).toEqual([]);
  expect(together).toBe(false);
  const ids = new Set(runs.map(({ workflowId }) => workflowId));
  expect(new Set(done.filter(({ at }) => at === CODE).map(({ workflowId }) => workflowId))).toEqual(ids);
  expect(done.filter(({ at }) => at === 'pass')).toHaveLength(12);
  // While what was begun before ends, new ones come.
  const more = await Promise.all(Array.from({ length: 4 }, () => begin()));
  expect(together).toBe(false);
  await worker.relax();
  const noted = done.length;
  expect(await results([...more, await begin()])).toEqual(passed(5));
  expect(done).toHaveLength(noted);
});

test('the code of a child that is given nothing is noted as its own, too', async () => {
  add(await runWorker(installation, { careful: { notes } }));
  const run = await begin('starts');
  expect(await results([run])).toEqual(passed(1));
  await expect.poll(() => done, PATIENT).toContainEqual({ workflowId: `${run.workflowId}/bare`, at: CODE });
});

test('an activity that is under way when a careful worker relaxes has all the time that it takes, and holds up nothing', async () => {
  const worker = add(await runWorker(installation, { careful: { notes } }));
  const run = await begin('lasts');
  await expect.poll(() => atWork, PATIENT).toContainEqual(expect.objectContaining({ at: 'last' }));
  await worker.relax();
  expect(await results([await begin()])).toEqual(passed(1));
  expect(await results([run])).toEqual(passed(1));
});
