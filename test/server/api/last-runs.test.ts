import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { toPairs } from '../../../src/runs/search-attributes.js';
import type { ListedRun } from '../../../src/server/api/contract.js';
import { type LastRunsFilter, lastRunsOf } from '../../../src/server/api/last-runs.js';
import { listRuns } from '../../../src/server/api/list-runs.js';
import { listProjects } from '../../../src/server/api/projects.js';
import { push } from '../../../src/triggers/index.js';
import { testClient, unique } from '../../support/temporal.js';

let client: Awaited<ReturnType<typeof testClient>>;
beforeAll(async () => {
  client = await testClient();
});
afterAll(() => client?.close());

let taskQueue: string;
beforeEach(() => {
  taskQueue = unique('last-runs');
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface Started {
  readonly automation: string;
  readonly isOpen?: boolean;
  readonly isEdited?: boolean;
  readonly pullRequest?: number;
}

/** Starts runs that no worker takes, one after the other, and waits until Temporal lists them all. */
async function start(runs: readonly Started[]): Promise<void> {
  for (const { automation, isOpen = false, isEdited = false, pullRequest } of runs) {
    const key = isEdited ? `edited/d${'0'.repeat(24)}/${unique('k')}` : unique('k');
    const handle = await client.workflow.start(automation, {
      ...{ workflowId: `${automation}/github/${key}`, taskQueue },
      typedSearchAttributes: toPairs({
        HookyardRepository: 'acme/app',
        HookyardBranch: 'main',
        ...(pullRequest !== undefined && { HookyardPullRequest: pullRequest }),
      }),
    });
    if (!isOpen) await handle.terminate();
  }
  const count = async (which: string) =>
    (await client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus ${which} 'Running'`)).count;
  const open = runs.filter(({ isOpen }) => isOpen).length;
  await expect
    .poll(async () => [await count('='), await count('!=')], { timeout: 20_000 })
    .toEqual([open, runs.length - open]);
}

const deps = () => ({ client, taskQueue, uiUrl: undefined });
const since = () => Date.now() - 3_600_000;

/** Returns the last runs of automations, and of how many lists they were taken. */
async function lastRuns(automations: readonly string[], filter: LastRunsFilter) {
  const asked = vi.spyOn(client.workflowService, 'listWorkflowExecutions');
  const told: [string, readonly ListedRun[]][] = [];
  await lastRunsOf(deps(), automations, filter, (name, runs) => told.push([name, runs]));
  const lists = asked.mock.calls.length;
  asked.mockRestore();
  return { told, lists };
}

test('each automation has the runs that a list of it alone has, in its order, whatever the others have', async () => {
  const names = ['busy', 'rare', 'none', 'edited', 'open', 'even'];
  const times = (count: number, run: Started) => Array.from({ length: count }, () => run);
  await start([
    ...times(2, { automation: 'rare' }),
    ...times(2, { automation: 'edited' }),
    ...times(5, { automation: 'even' }),
    ...times(3, { automation: 'open', isOpen: true }),
    ...times(1, { automation: 'another' }),
    ...times(22, { automation: 'busy' }),
    ...times(4, { automation: 'even', pullRequest: 7 }),
    ...times(9, { automation: 'edited', isEdited: true }),
    ...times(1, { automation: 'rare', isOpen: true }),
  ]);
  for (const change of [{}, { pullRequests: false, edited: false }])
    for (const most of [1, 3, 4, 30]) {
      const filter = { since: since(), ...change };
      const { told } = await lastRuns(names, { ...filter, most });
      expect(told.map(([name]) => name).sort()).toEqual([...names].sort());
      for (const [name, runs] of told) {
        const alone = await listRuns({ ...deps(), builtIn: [] }, { automation: name, ...filter }, { limit: most });
        expect(runs, `${name} ${most} ${JSON.stringify(change)}`).toEqual(alone.runs);
      }
    }
});

test('many automations are asked for in one list', async () => {
  const names = Array.from({ length: 60 }, (_, n) => `automation-${n}`);
  await start(names.slice(0, 20).map((automation) => ({ automation })));
  const { told, lists } = await lastRuns(names, { since: since(), most: 100 });
  expect(told.filter(([, runs]) => runs.length === 1)).toHaveLength(20);
  expect([told.length, lists]).toEqual([60, 1]);
});

test('busy automations have the others asked for once more each, and not one by one', async () => {
  const names = Array.from({ length: 30 }, (_, n) => `automation-${n}`);
  const round = names.slice(0, 2).map((automation) => ({ automation }));
  await start([...round, ...round, ...round]);
  const { told, lists } = await lastRuns(names, { since: since(), most: 2 });
  expect(told.filter(([, runs]) => runs.length === 2)).toHaveLength(2);
  expect([told.length, lists <= 3]).toEqual([30, true]);
});

test('automations that are about equally busy are asked for in few lists', async () => {
  // One has a run every 50 minutes, the next one every 51: one after the other comes to its hundred.
  const names = Array.from({ length: 50 }, (_, n) => `automation-${n}`);
  const runsOf = (name: string, every: number) =>
    Array.from({ length: 250 }, (_, k) => ({ name, id: `${name}/${k}`, ago: (k + 1) * every }));
  const all = names.flatMap((name, n) => runsOf(name, 50 + n)).sort((one, other) => one.ago - other.ago);
  const asked = vi.spyOn(client.workflowService, 'listWorkflowExecutions');
  asked.mockImplementation((async (request: { query: string; pageSize: number; nextPageToken: Uint8Array }) => {
    const named = new Set(names.filter((name) => request.query.includes(`'${name}'`)));
    const meant = all.filter(({ name }) => named.has(name));
    const from = Number(Buffer.from(request.nextPageToken).toString());
    const to = from + request.pageSize;
    const executions = meant.slice(from, to).map(({ name, id }) => ({
      ...{ execution: { workflowId: id, runId: id }, type: { name }, status: 2 },
      ...{ historyLength: { toNumber: () => 1 }, startTime: { nanos: 0 } },
    }));
    return { executions, nextPageToken: to < meant.length ? Buffer.from(String(to)) : undefined };
  }) as never);
  const told = new Map<string, readonly ListedRun[]>();
  await lastRunsOf(deps(), names, { since: since(), most: 100 }, (name, runs) => {
    told.set(name, runs);
  });
  for (const name of names)
    expect(told.get(name)?.map(({ run }) => run)).toEqual(Array.from({ length: 100 }, (_, k) => `${name}/${k}`));
  expect(asked.mock.calls.length).toBeLessThanOrEqual(25);
});

test('what build monitors read is asked for in one list, however many automations there are', async () => {
  const automations = Array.from({ length: 40 }, (_, n) => ({ name: `automation-${n}`, on: [push()], file: 'a.ts' }));
  await start(automations.slice(0, 5).map(({ name }) => ({ automation: name })));
  const asked = vi.spyOn(client.workflowService, 'listWorkflowExecutions');
  const { projects } = await listProjects({ ...deps(), automations: () => automations });
  expect(projects.map(({ name }) => name)).toEqual(automations.slice(0, 5).map(({ name }) => `${name} acme/app main`));
  expect(asked).toHaveBeenCalledTimes(1);
});
