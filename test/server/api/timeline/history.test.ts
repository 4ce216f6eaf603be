import { afterAll, beforeAll, expect, test } from 'vitest';
import { historyOf } from '../../../../src/server/api/timeline/history.js';
import { testClient, unique } from '../../../support/temporal.js';

let client: Awaited<ReturnType<typeof testClient>>;
beforeAll(async () => {
  client = await testClient();
});
afterAll(() => client.close());

test('of a history that is longer than is read, the beginning and the end are', async () => {
  // No worker takes it: its beginning is two events, each signal is one, and so is its end.
  const run = await client.workflow.start('any', { workflowId: unique('long/github/k'), taskQueue: unique('history') });
  for (let at = 0; at < 30; at++) await run.signal('more', at);
  await run.terminate();
  const of = { workflowId: run.workflowId, runId: run.firstExecutionRunId };
  const read = async (page?: number) => {
    const { events, end } = await historyOf(client, of, page);
    return [events, end].map((part) => part?.map(({ eventId }) => Number(eventId)));
  };
  const all = Array.from({ length: 33 }, (_, at) => at + 1);
  expect(await read()).toEqual([all, undefined]);
  // Temporal ends pages where something was written at once: they may be longer than asked for.
  const [events = [], end = []] = await read(4);
  expect(events).toEqual(all.slice(0, events.length));
  expect(end).toEqual(all.slice(-end.length));
  expect(events.length + end.length).toBeLessThan(all.length);
  // What both have is read once, and nothing is missing.
  expect(await read(9)).toEqual([all, undefined]);
});
