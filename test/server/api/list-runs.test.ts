import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { countRuns } from '../../../src/server/api/count-runs.js';
import { findRun } from '../../../src/server/api/find-run.js';
import { listRuns } from '../../../src/server/api/list-runs.js';
import { testClient, unique } from '../../support/temporal.js';

let client: Awaited<ReturnType<typeof testClient>>;

beforeAll(async () => {
  client = await testClient();
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => client.close());

/** What a Temporal says that is asked for more lists than it gives a second: `RESOURCE_EXHAUSTED` of gRPC. */
const refusal = () => {
  const details = 'namespace rate limit exceeded';
  return Object.assign(new Error(`8 RESOURCE_EXHAUSTED: ${details}`), {
    code: 8,
    details,
    metadata: { get: () => [] },
  });
};
const list = () =>
  listRuns({ client, taskQueue: unique('list-runs'), builtIn: [], uiUrl: undefined }, {}, { limit: 5 });

test('a list that Temporal refuses, as it was asked for too many within a second, is asked for again', async () => {
  const asked = vi.spyOn(client.workflowService, 'listWorkflowExecutions');
  asked.mockRejectedValueOnce(refusal()).mockRejectedValueOnce(refusal());
  expect(await list()).toEqual({ runs: [] });
  expect(asked).toHaveBeenCalledTimes(3);
});

test('where Temporal goes on refusing lists, the setting is named that allows more', async () => {
  vi.spyOn(client.workflowService, 'listWorkflowExecutions').mockRejectedValue(refusal());
  await expect(list()).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('frontend.namespaceRPS.visibility'),
  });
});

test('where the time is over before Temporal allows a list again, it is told that it refuses lists', async () => {
  const details = 'Deadline exceeded';
  const over = Object.assign(new Error(`4 DEADLINE_EXCEEDED: ${details}`), {
    code: 4,
    details,
    metadata: { get: () => [] },
  });
  const asked = vi.spyOn(client.workflowService, 'listWorkflowExecutions');
  asked.mockRejectedValueOnce(refusal()).mockRejectedValue(over);
  await expect(list()).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('frontend.namespaceRPS.visibility'),
  });
  expect(asked).toHaveBeenCalledTimes(2);
  await expect(list()).rejects.toMatchObject({ status: 503, message: 'Temporal does not answer; try again later' });
});

test('a count that Temporal refuses is asked for again as well', async () => {
  const asked = vi.spyOn(client.workflowService, 'countWorkflowExecutions').mockRejectedValueOnce(refusal());
  expect(await countRuns({ client, taskQueue: unique('list-runs'), builtIn: [] }, {})).toBe(0);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('whoever looks for a run by its beginning is told that Temporal refuses lists, and not that it is away', async () => {
  vi.spyOn(client.workflowService, 'listWorkflowExecutions').mockRejectedValue(refusal());
  const store = {
    inbox: { find: async () => undefined, findStart: async () => undefined },
    lanes: { takeOut: async () => false, notBegun: async () => [] },
    logs: { jobs: async () => [] },
  };
  const deps = { client, taskQueue: unique('list-runs'), builtIn: [], store } as never;
  await expect(findRun(deps, unique('ci/github/k'))).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('frontend.namespaceRPS.visibility'),
  });
});
