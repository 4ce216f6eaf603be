import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { mapAtOnce } from '../../src/async/at-once.js';
import type { RunOutcome } from '../../src/events/event.js';
import { toPairs } from '../../src/runs/search-attributes.js';
import { createAutomationAnswers } from '../../src/server/api/automations.js';
import type { Automation } from '../../src/triggers/automation.js';
import { cron, manual, push } from '../../src/triggers/index.js';
import { reconcileSchedules } from '../../src/worker/schedules.js';
import { keepLog } from '../support/harness/log.js';
import { awayClient, testClient, unique } from '../support/temporal.js';

let client: Awaited<ReturnType<typeof testClient>>;
beforeAll(async () => {
  client = await testClient();
});
afterAll(() => client?.close());

let taskQueue: string;
beforeEach(() => {
  taskQueue = unique('automations');
});

const AUTOMATIONS: readonly Automation[] = [
  { name: 'nightly', on: [cron('0 3 * * *', { timezone: 'Europe/Berlin' })], file: 'automations/nightly.ts' },
  { name: 'ci', on: [push({ branches: ['main'] })], file: 'automations/ci.ts' },
  {
    name: 'deploy',
    on: [
      manual({
        inputs: {
          target: ['staging', 'production'],
          count: { type: 'number', default: 2 },
          dry: { type: 'boolean', optional: true, description: 'only look' },
          why: 'string',
        },
      }),
    ],
    file: 'automations/deploy.ts',
  },
  { name: 'hookyardApprovals', on: [push()], builtIn: true, file: 'built in' },
];

const answers = (change: object = {}) =>
  createAutomationAnswers({ client, taskQueue, uiUrl: undefined, automations: () => AUTOMATIONS, ...change });

/** A run that no worker takes, which carries its outcome, and has ended. */
async function ended(type: string, outcome: RunOutcome) {
  const handle = await client.workflow.start(type, {
    ...{ workflowId: unique(`${type}/github/k`), taskQueue },
    typedSearchAttributes: toPairs({ HookyardAutomation: type, HookyardOutcome: outcome }),
  });
  await handle.terminate();
}

test('automations are listed by name with what starts them, and how their last runs went', async () => {
  for (const outcome of ['passed', 'passed', 'failed'] as const) await ended('ci', outcome);
  await expect
    .poll(async () => (await client.workflow.count(`TaskQueue = '${taskQueue}'`)).count, { timeout: 10_000 })
    .toBe(3);
  await expect
    .poll(async () => (await answers().page({})).automations[0]?.recent, { timeout: 10_000 })
    .toMatchObject({ open: 0, counted: 3, passed: 2, last: { outcome: 'failed', automation: 'ci' } });
  const { automations, away } = await answers().page({});
  expect(away).toBeUndefined();
  expect(automations.map(({ name, triggers }) => [name, triggers])).toEqual([
    ['ci', ['push: branch main']],
    ['deploy', ['by hand']],
    ['nightly', ['at times: 0 3 * * *: in the time of Europe/Berlin']],
  ]);
  const one = await answers().one('ci');
  expect(one).toMatchObject({ name: 'ci', file: 'automations/ci.ts', recent: { counted: 3 } });
  expect(one?.runs).toHaveLength(3);
  expect(await answers().one('hookyardApprovals')).toBeUndefined();
  expect(await answers().one('nothing')).toBeUndefined();
});

test('a Schedule tells its next times, and that it is paused; one that no worker has made tells none', async () => {
  const nightly = AUTOMATIONS.filter(({ name }) => name === 'nightly');
  const schedules = async () => (await answers().one('nightly'))?.schedules;
  const told = { cron: '0 3 * * *', timezone: 'Europe/Berlin' };
  expect(await schedules()).toEqual([{ ...told, next: [] }]);
  await reconcileSchedules({ client, taskQueue, log: keepLog().log }, nightly);
  try {
    // Temporal has 1.5 seconds to tell of it, each time that it is asked.
    let next: readonly string[] = [];
    const nextTimes = async () => {
      next = (await schedules())?.[0]?.next ?? [];
      return next;
    };
    await expect.poll(nextTimes, { timeout: 20_000 }).toHaveLength(3);
    for (const time of next) {
      expect(Date.parse(time)).toBeGreaterThan(Date.now());
      expect(new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', hour: 'numeric' }).format(new Date(time))).toBe(
        '3 AM',
      );
    }
    await client.schedule.getHandle(`hookyard/${taskQueue}/nightly/0`).pause();
    await expect.poll(schedules, { timeout: 20_000 }).toEqual([{ ...told, next: [], paused: true }]);
  } finally {
    await reconcileSchedules({ client, taskQueue, log: keepLog().log }, []);
  }
});

test('Temporal is asked once of each automation, however pages are cut and by whatever name they are looked for', async () => {
  const asked: string[] = [];
  const told = (what: string) => {
    asked.push(what);
    return { executions: [], state: {}, info: {} };
  };
  const counted = {
    options: client.options,
    withDeadline: (_: number, ask: () => unknown) => ask(),
    workflowService: { listWorkflowExecutions: async ({ query }: { query: string }) => told(query) },
    schedule: { getHandle: (id: string) => ({ describe: async () => told(id) }) },
  };
  const { page } = answers({ client: counted });
  for (const query of [{ limit: 1 }, { named: 'n' }, { named: 'ni' }, {}, { after: 'ci' }, { limit: 2, named: 'e' }])
    for (const { recent } of (await page(query)).automations) expect(recent).toMatchObject({ counted: 0 });
  const schedules = asked.filter((what) => what.startsWith('hookyard/'));
  expect([asked.length, schedules.length]).toEqual([AUTOMATIONS.length, 1]);
});

test('a page of many automations has Temporal asked in one list, also where two are asked for at once', async () => {
  const many = Array.from({ length: 50 }, (_, n) => ({ name: `a-${n}`, on: [push()], file: 'a.ts' }));
  await ended('a-7', 'passed');
  const listed = async () => (await client.workflow.count(`TaskQueue = '${taskQueue}'`)).count;
  await expect.poll(listed, { timeout: 10_000 }).toBe(1);
  const list = vi.spyOn(client.workflowService, 'listWorkflowExecutions');
  try {
    const { page } = answers({ automations: () => many });
    const [first, again] = await Promise.all([page({}), page({ named: 'a-7' })]);
    expect(list).toHaveBeenCalledTimes(1);
    expect(first.away).toBeUndefined();
    expect(first.automations.map(({ recent }) => recent?.last?.automation).filter(Boolean)).toEqual(['a-7']);
    expect(again.automations[0]?.recent).toMatchObject({ counted: 1, passed: 1 });
  } finally {
    list.mockRestore();
  }
});

/** More than are listed at once of two automations. */
const RUNS = 201;

test('what Temporal has told is shown where it does not tell the rest', async () => {
  const start = (_: unknown) =>
    client.workflow.start('ci', { workflowId: unique('ci/github/k'), taskQueue }).then(() => undefined);
  await mapAtOnce(Array.from({ length: RUNS }), 20, start);
  const listed = async () => (await client.workflow.count(`TaskQueue = '${taskQueue}'`)).count;
  await expect.poll(listed, { timeout: 20_000 }).toBe(RUNS);
  const { workflowService } = client;
  const list = workflowService.listWorkflowExecutions.bind(workflowService);
  const asked = vi.spyOn(workflowService, 'listWorkflowExecutions');
  asked.mockImplementation(((request: { query: string }) =>
    request.query.includes(`'ci'`) ? list(request) : Promise.reject(new Error('no answer'))) as never);
  try {
    const { automations, away } = await answers().page({ limit: 2 });
    expect(automations.map(({ name, recent }) => [name, recent?.open])).toEqual([
      ['ci', 100],
      ['deploy', undefined],
    ]);
    expect(away).toMatch(/Temporal does not/);
  } finally {
    asked.mockRestore();
  }
});

test('a page goes on behind an automation that is gone', async () => {
  const { automations, next } = await answers().page({ after: 'd', limit: 1 });
  expect([automations.map(({ name }) => name), next]).toEqual([['deploy'], 'deploy']);
});

test('inputs are told with their types, defaults and words', async () => {
  expect((await answers().one('deploy'))?.inputs).toEqual([
    { name: 'target', type: 'choice', choices: ['staging', 'production'] },
    { name: 'count', type: 'number', default: 2 },
    { name: 'dry', type: 'boolean', optional: true, description: 'only look' },
    { name: 'why', type: 'string' },
  ]);
});

test('without Temporal it is known what there is, and said why no more is', async () => {
  const away = awayClient();
  try {
    const asked = answers({ client: away });
    const all = await asked.page({});
    expect(all.automations.map(({ name, recent }) => [name, recent])).toEqual([
      ['ci', undefined],
      ['deploy', undefined],
      ['nightly', undefined],
    ]);
    expect(all.away).toMatch(/Temporal does not/);
    const one = await asked.one('ci');
    expect(one).toMatchObject({ triggers: ['push: branch main'], away: expect.stringMatching(/Temporal does not/) });
    expect(one).not.toHaveProperty('runs');
  } finally {
    await away.connection.close();
  }
});
