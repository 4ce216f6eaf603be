import { expect, test } from 'vitest';
import { cancelRuns } from '../../../src/server/api/cancel.js';
import { listNotBegun } from '../../../src/server/api/list-not-begun.js';
import type { RunNotBegun } from '../../../src/store/store.js';
import { aPush } from '../../waits/an-event.js';

const waits = (fullName: string, arrived: number): RunNotBegun => ({
  ...{ workflowId: `ci/hub/${fullName}`, automation: 'ci', arrived },
  event: aPush('main', { repository: { id: '1', fullName, url: 'https://example.com', private: false } }),
});
const all = [waits('Ada/Engine', 1), waits('ada/engine-2', 2)];
const lanes = { notBegun: async () => all, takeOut: async () => true };

test('runs that wait to begin are found by the name of their repository in any case', async () => {
  const found = await listNotBegun(lanes, { waiting: 'lane', repository: 'ADA/engine' }, 10);
  expect(found.notBegun?.map(({ run }) => run)).toEqual(['ci/hub/Ada/Engine']);
});

test('runs that wait to begin are cancelled by it, though no delivery tells how it is written', async () => {
  const client = {
    options: { namespace: 'default' },
    withDeadline: (_: number, work: () => unknown) => work(),
    workflowService: { listWorkflowExecutions: async () => ({ executions: [] }) },
  };
  const store = { inbox: { list: async () => [] }, lanes };
  const deps = { client, store, taskQueue: 'q', builtIn: [] } as never;
  const asked = { repository: 'ADA/engine', branch: 'main', by: 'anna' };
  expect(await cancelRuns(deps, asked)).toEqual({ runs: ['ci/hub/Ada/Engine'] });
});
