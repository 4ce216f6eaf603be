import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import {
  api,
  client,
  deliver,
  fork,
  head,
  hub,
  installation,
  noted,
  PATIENTLY,
  pull,
  push,
  resultOf,
  runOf,
  slack,
  useGated,
} from '../gated.js';

useGated('test/workflows/kit/several');

/** Starts an automation by hand. */
async function start(automation: string, inputs: Record<string, unknown> = {}) {
  const { body } = await api(`automations/${automation}/runs`, { inputs });
  return { run: body.run ?? '', delivery: body.delivery ?? '' };
}

const stateOf = async (run: string) => {
  const { status, searchAttributes, memo } = await client.workflow.getHandle(run).describe();
  return { status: status.name, outcome: searchAttributes.HookyardOutcome?.[0], because: memo?.outcomeBecause };
};
/** Returns what was said on the commit, without what was said twice in a row. */
const said = (context: string) =>
  hub.statuses
    .filter((status) => status.context === context && status.sha === head)
    .map(({ state, description }) => `${state}: ${description?.replace(/[\d.]+ s/g, '# s')}`)
    .filter((words, i, all) => words !== all[i - 1]);

test('a flaky job that passes at its third try ends green, was never red, and starts what waits for its end', async () => {
  const file = join(installation.folder, 'counter');
  const { run, delivery } = await start('flaky', { file });
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect((await noted(`flaky ${delivery}`))?.data).toEqual({ passed: true, tries: 3 });
  expect((await readFile(file, 'utf8')).trim().split('\n')).toEqual([head, head, head]);
  await expect.poll(async () => (await noted(`after ${run}`))?.data, PATIENTLY).toEqual({ outcome: 'passed' });
  expect(await stateOf(run)).toMatchObject({ status: 'COMPLETED', outcome: 'passed' });
  const states = said('hookyard/flaky');
  expect(states.filter((state) => !state.startsWith('pending'))).toEqual(['success: passed in # s, at try 3 of 3']);
  expect(states).toContainEqual(expect.stringMatching(/^pending: try 1 of 3: .* failed after # s; is tried again$/));
});

test('a test that fails does not turn a job red that is tried again, and passes', async () => {
  const { run } = await start('flakyTests', { file: join(installation.folder, 'tests-counter') });
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(said('hookyard/flakyTests').filter((state) => !state.startsWith('pending'))).toEqual([
    'success: passed in # s, at try 2 of 2',
  ]);
});

test('a job that passes at no try has failed, and says how often it was tried', async () => {
  const { run } = await start('hopeless');
  await expect(resultOf(run)).rejects.toThrow(WorkflowFailedError);
  expect(await stateOf(run)).toMatchObject({ status: 'FAILED', outcome: 'failed' });
  expect(said('hookyard/hopeless').filter((state) => !state.startsWith('pending'))).toEqual([
    'failure: "exit 7" failed after # s, at the last of 2 tries',
  ]);
});

test('a number of tries that is none fails the run, and says which are', async () => {
  const { run } = await start('misnumbered');
  await expect(resultOf(run)).rejects.toMatchObject({
    cause: { message: 'runJob(): "attempts" must be a whole number from 1 to 20, not 0' },
  });
});

test.each([
  ['misspelt', 'runJob(): unknown option "attempt"; did you mean "attempts"?'],
  ['misspeltBuild', 'triggerBuild.http(): unknown option "param"; did you mean "params"?'],
  ['misspeltPipeline', 'triggerBuild.pipeline(): unknown option "parameter"; did you mean "parameters"?'],
  ['misspeltStatus', 'report.status(): unknown option "contexts"; did you mean "context"?'],
  ['misspeltChange', 'changeOf(): unknown option "names"; did you mean "name"?'],
  ['misspeltMail', 'notify.email(): unknown option "body"; it has "subject", "text"'],
  ['wordless', 'notify.slack(): "text" must be text, not undefined'],
  ['typeless', 'webhook.send(): "type" must be text, not undefined'],
  ['branchless', 'branchHead(): "branch" must be text, not undefined'],
  ['listless', 'runJob(): "steps" must be a list of command lines and steps, not "npm test"'],
])('an option that there is none of, or of the wrong shape, fails the run: %s', async (name, message) => {
  const { run } = await start(name);
  await expect(resultOf(run)).rejects.toMatchObject({ cause: { message } });
});

test('of results under one name the last decides, and of jobs at once all do', async () => {
  const later = await start('oneAfterOther');
  expect(await resultOf(later.run)).toMatchObject({ outcome: 'passed' });
  const together = await start('atOnce');
  await expect(resultOf(together.run)).rejects.toMatchObject({ cause: { type: 'BuildFailed' } });
});

test('an author sets the outcome, and says why: in Temporal, for what follows, and over what builds have come to', async () => {
  const { run } = await start('forgives');
  const because = 'the browser tests do not count yet';
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed', because });
  expect(await stateOf(run)).toEqual({ status: 'COMPLETED', outcome: 'passed', because });
  await expect.poll(async () => (await noted(`after ${run}`))?.data, PATIENTLY).toEqual({ outcome: 'passed' });
  expect(said('hookyard/forgives/browser').at(-1)).toMatch(/^failure/);

  const strict = await start('strict');
  await expect(resultOf(strict.run)).rejects.toMatchObject({
    cause: { type: 'BuildFailed', message: 'Outcome: it took too long' },
  });
  expect(await stateOf(strict.run)).toEqual({ status: 'FAILED', outcome: 'failed', because: 'it took too long' });
});

test('a matrix runs its cells so many at a time, each with a name and a status of its own', async () => {
  const { run, delivery } = await start('grid');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect((await noted(`grid ${delivery}`))?.data).toEqual({
    passed: true,
    cells: [
      [20, 'linux', 'passed'],
      [24, 'linux', 'passed'],
      [24, 'mac', 'passed'],
      [26, 'mac', 'passed'],
    ],
    most: 2,
  });
  for (const [name, words] of [
    ['20-linux', '20 on linux'],
    ['26-mac', '26 on mac'],
  ]) {
    expect(said(`hookyard/grid/test-${name}`).at(-1)).toMatch(/^success: passed/);
    const lines = await installation.store.logs.read(
      { workflowId: run, job: `test-${name}` },
      { after: 0, limit: 100 },
    );
    expect(lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text)).toEqual([words]);
  }
});

test('the first cell that fails has the others cancelled, and no more begun, whose statuses say so', async () => {
  const { run, delivery } = await start('failsFast');
  await expect(resultOf(run)).rejects.toMatchObject({
    cause: { type: 'BuildFailed', message: expect.stringMatching(/^Job test-1: /) },
  });
  expect((await noted(`failsFast ${delivery}`))?.data).toEqual({
    passed: false,
    cells: [
      'failed',
      'cancelled: cancelled: cell 1 did not pass',
      'cancelled: not begun: cell 1 did not pass',
      'cancelled: not begun: cell 1 did not pass',
    ],
  });
  expect(said('hookyard/failsFast/test-1').at(-1)).toMatch(/^failure/);
  expect(said('hookyard/failsFast/test-2').at(-1)).toBe('error: cancelled: cell 1 did not pass');
  for (const cell of [3, 4])
    expect(said(`hookyard/failsFast/test-${cell}`)).toEqual(['error: not begun: cell 1 did not pass']);
});

test.each([
  ['two cells have begun, where one has passed', { red: 2, limit: 1 }, ['build']],
  ['all cells have begun, where none has passed', { red: 1, limit: 2 }, ['build']],
])('of cells that are not begun, those jobs have a status which %s', async (_, inputs, jobs) => {
  const before = hub.statuses.length;
  await expect(resultOf((await start('someCells', inputs)).run)).rejects.toThrow(WorkflowFailedError);
  const contexts = hub.statuses.slice(before).map(({ context }) => context);
  const ofLast = [...new Set(contexts)].filter((context) => /-[34]$/.test(context)).sort();
  expect(ofLast).toEqual(jobs.flatMap((job) => [3, 4].map((cell) => `hookyard/someCells/${job}-${cell}`)));
});

test.each([
  ['with a job of its own after those of all others', { idle: 0, own: 1 }],
  ['without a job', { idle: 1, own: 0 }],
])('of cells that are not begun, the jobs of all have a status where one has passed %s', async (_, inputs) => {
  const before = hub.statuses.length;
  await expect(resultOf((await start('ownJobs', inputs)).run)).rejects.toThrow(WorkflowFailedError);
  const contexts = hub.statuses.slice(before).map(({ context }) => context);
  expect(contexts.filter((context) => context.endsWith('-4'))).toEqual(['hookyard/ownJobs/build-4']);
});

test('a matrix that goes on after a failure has one status for all, which ends when they all have', async () => {
  const { run, delivery } = await start('failsOn');
  await expect(resultOf(run)).rejects.toMatchObject({ cause: { type: 'BuildFailed' } });
  expect((await noted(`failsOn ${delivery}`))?.data).toEqual({
    passed: false,
    cells: ['failed', 'passed', 'passed', 'passed'],
  });
  const ends = said('hookyard/failsOn/test').filter((state) => !state.startsWith('pending'));
  expect(ends).toEqual([expect.stringMatching(/^failure: 1 of 4 did not pass; 1: .* failed after # s$/)]);
  expect(hub.statuses.some(({ context }) => context === 'hookyard/failsOn/test-1')).toBe(false);
});

test('what a cell throws fails the run once the others have been stopped', async () => {
  const { run } = await start('throwsUp');
  await expect(resultOf(run)).rejects.toMatchObject({ cause: { message: 'the author did not think of this' } });
  expect(said('hookyard/throwsUp/test-1').filter((state) => state.startsWith('success'))).toEqual([]);
});

test('people are told when a branch breaks, while it is broken and once it is fixed; a pull request from it is another matter', async () => {
  const before = slack.received.length;
  const told = () => slack.received.slice(before).map(({ body }) => (body as { text: string }).text);
  const after = async (message: string) => {
    await resultOf(runOf(await push('tells', { message }), 'tells'));
    return told();
  };
  expect(await after('good')).toEqual([]);
  expect(await after('bad')).toEqual(['tells is broken']);
  expect(await after('bad')).toEqual(['tells is broken', 'tells is still broken']);
  const other = await deliver('pull_request', {
    ...{ action: 'opened', number: 7, sender: { login: 'eve', id: 5, type: 'User' } },
    pull_request: {
      ...{ number: 7, title: 'x', html_url: 'http://hub/p', state: 'open', draft: false, merged: false, labels: [] },
      user: { login: 'eve' },
      base: { ref: 'main', sha: 'b'.repeat(40), repo: { id: 1, full_name: 'acme/app' } },
      head: { ref: 'tells', sha: 'c'.repeat(40), repo: fork },
    },
  });
  await resultOf(runOf(other, 'tells'));
  expect(await after('good')).toEqual(['tells is broken', 'tells is still broken', '#7 is broken', 'tells is fixed']);
  expect(await after('good')).toHaveLength(4);
});

test('a pull request has one comment with the table of the newest run, whose text nobody can break out of', async () => {
  const before = hub.comments.length;
  const ours = () => hub.comments.slice(before).map(({ body }) => body.replace(/[\d.]+ s/g, '# s'));
  const first = runOf(await pull({ title: 'Table' }), 'tables');
  await expect(resultOf(first)).rejects.toThrow(WorkflowFailedError);
  expect(ours()).toHaveLength(1);
  expect(ours()[0]).toContain(
    [
      '`tables`: failed',
      '',
      '| | part | |',
      '|---|---|---|',
      `| ✅ | Job unit | passed in # s at ${head.slice(0, 7)} |`,
      `| ❌ | Job style | "\\| \\\`x\\\` &lt;b&gt; @\u200ball" failed after # s at ${head.slice(0, 7)} |`,
    ].join('\n'),
  );
  expect(ours()[0]).toContain(`[The run](${installation.address.url}/runs/${first})`);
  const second = runOf(await pull({ title: 'Table of an error' }), 'tables');
  await expect(resultOf(second)).rejects.toThrow(WorkflowFailedError);
  expect(ours()).toHaveLength(1);
  expect(ours()[0]).toContain('`tables`: error\n');
  expect(ours()[0]).toContain(`/runs/${second})`);
});

test('a run that continues as new goes on with its table', async () => {
  const run = runOf(await pull({ title: 'Table in parts' }), 'tables');
  await expect(resultOf(run)).rejects.toThrow(WorkflowFailedError);
  const [first, ...lines] = (hub.comments.find(({ body }) => body.startsWith('`tables`'))?.body ?? '').split('\n');
  expect(first).toBe('`tables`: failed');
  const rows = lines.filter((line) => line.includes('Job'));
  expect(rows.map((row) => row.split(' | ').slice(0, 2).join(' '))).toEqual([
    '| ✅ Job fine',
    '| ❌ Job first',
    '| ✅ Job second',
    '| ✅ Job third',
  ]);
});

test('a cell that says nothing of its jobs is judged by them', async () => {
  const { run, delivery } = await start('silent');
  await expect(resultOf(run)).rejects.toThrow(WorkflowFailedError);
  expect((await noted(`silent ${delivery}`))?.data).toEqual([
    [false, 'failed', 'passed'],
    [false, 'failed', 'cancelled'],
    [true, 'passed'],
  ]);
});

test('a cell ends with the jobs that it has begun and not waited for, and is judged by them too', async () => {
  const { run, delivery } = await start('unawaited');
  await expect(resultOf(run)).rejects.toThrow(WorkflowFailedError);
  expect((await noted(`unawaited ${delivery}`))?.data).toEqual([false, 'passed', 'failed']);
});

test('an option of a matrix that there is not fails the run, with the one that was meant', async () => {
  const { run } = await start('mistyped');
  await expect(resultOf(run)).rejects.toMatchObject({
    cause: { type: 'TriggerError', message: expect.stringMatching(/^matrix\(\): unknown option "failfast".*failFast/) },
  });
});

test('each cell of a matrix is compared with itself in the run before', async () => {
  for (const bad of ['broken', 'still broken']) {
    const { run, delivery } = await start('tellsCells');
    await resultOf(run);
    expect((await noted(`tellsCells ${delivery}`))?.data).toEqual(['none', bad]);
  }
});

test.each([
  ['option', 'test', 'runJob(): "attempts" must be a whole number from 1 to 20, not 0'],
  ['step', 'test', 'runJob(): unknown option "steps[0].ifs"; did you mean "if"?'],
  ['name', undefined, 'runJob(): "name" must be 1 to 50 letters, digits, ".", "_" or "-", not "not a name"'],
  ['job in a cell', 'test-1', 'runJob(): "attempts" must be a whole number from 1 to 20, not 0'],
])(
  'a job that throws before it begins (%s) and that nobody waits for fails its run, and its status says why',
  async (what, job, because) => {
    const { run } = await start('unbegun', { what });
    await expect(resultOf(run)).rejects.toMatchObject({
      cause: { type: 'BuildFailed', message: expect.stringContaining(because) },
    });
    expect(said(job === undefined ? 'hookyard/unbegun' : `hookyard/unbegun/${job}`).at(-1)).toContain(
      `error: ${because}`.slice(0, 100),
    );
    expect(said('hookyard/unbegun/fine').at(-1)).toMatch(/^success/);
  },
);

test.each([
  ['head', /^(?:A job|Job test): /],
  ['axes', /^Matrix: matrix\(\): "cell" must have values/],
  ['cell', /^Matrix: the author did not think of this/],
])('what throws without a commit to say it of (%s), and nobody waits for, fails its run', async (what, because) => {
  const { run } = await start('unbegun', { what });
  await expect(resultOf(run)).rejects.toMatchObject({
    cause: { type: 'BuildFailed', message: expect.stringMatching(because) },
  });
});

test('a cell that throws, and one that is cancelled, end with the jobs that they have begun and not waited for', async () => {
  const { run, delivery } = await start('leaves', { failFast: true });
  await expect(resultOf(run)).rejects.toMatchObject({ cause: { type: 'BuildFailed' } });
  const because = 'the author did not think of this';
  expect((await noted(`leaves ${delivery}`))?.data).toEqual({ because, ended: ['left 1', 'left 2', 'waits 2'] });
  for (const job of ['left-1', 'left-2', 'waits-2'])
    expect(said(`hookyard/leaves/${job}`).at(-1)).toBe('error: cancelled: cell 1 threw an error');
});

test('a cell that throws where the others go on lets its own jobs go on too, and ends with them', async () => {
  const { run, delivery } = await start('leaves', { failFast: false });
  await expect(resultOf(run)).rejects.toMatchObject({ cause: { type: 'BuildFailed' } });
  const because = 'the author did not think of this';
  expect((await noted(`leaves ${delivery}`))?.data).toEqual({ because, ended: ['left 1', 'left 2', 'waits 2'] });
  for (const job of ['left-1', 'left-2', 'waits-2']) expect(said(`hookyard/leaves/${job}`).at(-1)).toMatch(/^success/);
});
