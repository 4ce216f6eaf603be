import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { defaultDataConverter, defaultPayloadConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../../src/paths.js';
import { JOB_READY_SIGNAL } from '../../../../src/runs/names.js';
import { readTimeline } from '../../../../src/server/api/timeline/read-timeline.js';

interface Recorded {
  readonly workflowId: string;
  readonly history: unknown;
}

/** Runs of jobs step by step, recorded on a Temporal server. */
const recorded = JSON.parse(
  gunzipSync(readFileSync(join(packageRoot, 'test/compat/histories-steps.json.gz'))).toString('utf8'),
) as readonly Recorded[];

/** The timeline of a recorded run, or of its first events. */
async function timeline(name: string, most = Number.POSITIVE_INFINITY) {
  const run = recorded.find(({ workflowId }) => workflowId.startsWith(name));
  const { events } = historyFromJSON(run?.history) as unknown as { events: Parameters<typeof readTimeline>[0] };
  return readTimeline(events.slice(0, most), defaultDataConverter);
}

test('a job waits for a slot, is prepared until its host is ready, and then runs its steps', async () => {
  const entries = await timeline('brokenSteps');
  const spans = entries.map(({ kind, state, startedAt, endedAt }) => [
    kind,
    state,
    startedAt.slice(17),
    endedAt?.slice(17),
  ]);
  expect(spans).toEqual([
    ['queue', 'passed', '08.326Z', '08.353Z'],
    ['prepare', 'passed', '08.353Z', '08.780Z'],
    ['step', 'failed', '08.905Z', '09.145Z'],
    ['activity', 'passed', '09.172Z', '09.326Z'],
    ['step', 'passed', '09.340Z', '09.372Z'],
    ['activity', 'passed', '09.387Z', '09.392Z'],
    ['status', 'passed', '12.630Z', '14.939Z'],
  ]);
});

test('a step is called as in Temporal, and tells what it came to', async () => {
  const [step] = (await timeline('brokenSteps')).filter(({ kind }) => kind === 'step');
  expect(step).toMatchObject({ state: 'failed', step: { outcome: 'failed', exitCode: expect.any(Number) } });
  expect(step?.name).toBe(step?.step?.name);
  const names = (await timeline('stepped')).filter(({ kind }) => kind === 'step').map(({ name }) => name);
  expect(names).toContain('flaky');
  expect(names).toContain('flaky (attempt 2)');
});

test('what a step has written for people is told, from the first to the last that there is room for', async () => {
  const written = (await timeline('stepped')).filter(({ summary }) => summary !== undefined);
  expect(written.map(({ step, summary }) => [step?.name, summary])).toEqual([['pack', '**packed**']]);
  const ran = (summary: string) => ({
    payloads: [defaultPayloadConverter.toPayload({ name: 'x', outcome: 'passed', durationMs: 1, summary })],
  });
  const events = ['', 'a'.repeat(40_000), ' \n', 'b'.repeat(40_000), 'c'].flatMap((summary, at) => [
    {
      ...{ eventId: 2 * at + 1, eventTime: { seconds: at, nanos: 0 } },
      activityTaskScheduledEventAttributes: { activityType: { name: 'runStep' }, activityId: String(at) },
    },
    {
      ...{ eventId: 2 * at + 2, eventTime: { seconds: at, nanos: 1 } },
      activityTaskCompletedEventAttributes: { scheduledEventId: 2 * at + 1, result: ran(summary) },
    },
  ]);
  const entries = await readTimeline(events as unknown as Parameters<typeof readTimeline>[0], defaultDataConverter);
  expect(entries.map(({ summary }) => summary?.length)).toEqual([undefined, 40_000, undefined, 24_000, undefined]);
  expect(entries[3]?.summary).toMatch(/^b+…$/);
});

test('of a step that ran again, its last attempt tells what it has written, and those before take no room', async () => {
  const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
  const ready = {
    signalName: JOB_READY_SIGNAL,
    input: payloads({ job: 'test 1', attempt: 1, workspace: 'w' }),
  };
  const ran = (name: string, outcome: string, summary: string) => ({ name, outcome, durationMs: 1, summary });
  const attempts = [
    [1, ran('unit', 'failed', 'a'.repeat(32_000))],
    [1, ran('unit', 'failed', 'b'.repeat(32_000))],
    [1, ran('unit', 'passed', 'c'.repeat(32_000))],
    [2, ran('smoke', 'failed', 'red')],
    [2, ran('smoke', 'passed', '')],
    [3, ran('pack', 'passed', 'd'.repeat(32_000))],
  ] as const;
  const events = [
    { workflowExecutionSignaledEventAttributes: ready },
    ...attempts.flatMap(([number, result], at) => [
      {
        activityTaskScheduledEventAttributes: {
          ...{ activityType: { name: 'runStep' }, activityId: String(at) },
          input: payloads({ workspace: 'w', number }),
        },
      },
      result.outcome === 'passed'
        ? { activityTaskCompletedEventAttributes: { scheduledEventId: 2 * at + 2, result: payloads(result) } }
        : {
            activityTaskFailedEventAttributes: {
              scheduledEventId: 2 * at + 2,
              failure: { applicationFailureInfo: { details: payloads(result) } },
            },
          },
    ]),
  ].map((event, at) => ({ ...event, eventId: at + 1, eventTime: { seconds: at + 1, nanos: 0 } }));
  const entries = await readTimeline(events as unknown as Parameters<typeof readTimeline>[0], defaultDataConverter);
  expect(entries.map(({ step, summary }) => [step?.outcome, summary?.[0], summary?.length])).toEqual([
    ['failed', undefined, undefined],
    ['failed', undefined, undefined],
    ['passed', 'c', 32_000],
    ['failed', undefined, undefined],
    ['passed', undefined, undefined],
    ['passed', 'd', 32_000],
  ]);
});

test('of several jobs of one name, each tells what its steps have written, as far as a try of it is not followed by another', async () => {
  const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
  const tries = [
    { id: 'test 1', workspace: 'a', summary: 'of the first' },
    { id: 'test 2', nth: 2, workspace: 'b', summary: 'of the second, red' },
    { id: 'test 3', nth: 2, workspace: 'c', summary: 'of the second' },
  ];
  const events = tries
    .flatMap(({ id, nth, workspace, summary }, at) => [
      {
        activityTaskScheduledEventAttributes: {
          ...{ activityType: { name: 'holdJob' }, activityId: `hold ${at}` },
          input: payloads({ name: 'test', id, ...(nth && { nth }) }),
        },
      },
      {
        workflowExecutionSignaledEventAttributes: {
          signalName: JOB_READY_SIGNAL,
          input: payloads({ job: id, attempt: 1, workspace }),
        },
      },
      {
        activityTaskScheduledEventAttributes: {
          ...{ activityType: { name: 'runStep' }, activityId: `step ${at}` },
          input: payloads({ workspace, number: 1 }),
        },
      },
      {
        activityTaskCompletedEventAttributes: {
          scheduledEventId: 4 * at + 3,
          result: payloads({ name: 'unit', outcome: 'passed', durationMs: 1, summary }),
        },
      },
    ])
    .map((event, at) => ({ ...event, eventId: at + 1, eventTime: { seconds: at + 1, nanos: 0 } }));
  const entries = await readTimeline(events as unknown as Parameters<typeof readTimeline>[0], defaultDataConverter);
  expect(entries.flatMap(({ summary }) => summary ?? [])).toEqual(['of the first', 'of the second']);
});

test('what is of a job tells of which, and of a step which of its steps it is', async () => {
  const entries = await timeline('brokenSteps');
  const told = entries.map(({ kind, job, number }) => [kind, job, number]);
  expect(told.slice(0, 3)).toEqual([
    ['queue', 'build', undefined],
    ['prepare', 'build', undefined],
    ['step', 'build', 1],
  ]);
  expect(told.filter(([kind]) => kind === 'activity').every(([, job]) => job === undefined)).toBe(true);
});

test('a status tells what was reported on which commit, and why it was not written', async () => {
  const [status] = (await timeline('brokenSteps')).filter(({ kind }) => kind === 'status');
  expect(status?.status).toMatchObject({ context: expect.stringContaining('hookyard/'), state: expect.any(String) });
  expect(status?.status?.sha).toMatch(/^[0-9a-f]{40}$/);
  const run = recorded.find(({ workflowId }) => workflowId.startsWith('brokenSteps'));
  const { events } = historyFromJSON(run?.history) as unknown as { events: Parameters<typeof readTimeline>[0] };
  const scheduled = events.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'reportStatus',
  );
  const answered = (result: unknown) =>
    events.map((event) =>
      String(event.activityTaskCompletedEventAttributes?.scheduledEventId) === String(scheduled?.eventId)
        ? {
            ...event,
            activityTaskCompletedEventAttributes: {
              ...event.activityTaskCompletedEventAttributes,
              result: { payloads: [defaultPayloadConverter.toPayload(result)] },
            },
          }
        : event,
    ) as typeof events;
  const because = 'source github has no API credentials';
  const told = await readTimeline(answered({ reported: false, because }), defaultDataConverter);
  expect(told.find(({ kind }) => kind === 'status')?.status?.notWritten).toBe(because);
  const written = await readTimeline(answered({ reported: true }), defaultDataConverter);
  expect(written.find(({ kind }) => kind === 'status')?.status).not.toHaveProperty('notWritten');
});

test('a run that was cancelled leaves nothing that seems to go on', async () => {
  const entries = await timeline('endlessSteps-4b');
  expect(entries.length).toBeGreaterThan(3);
  expect(entries.filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
});

test('of an open run, what is pending tells since when it goes on', async () => {
  const run = recorded.find(({ workflowId }) => workflowId.startsWith('endlessSteps-9d'));
  const { events } = historyFromJSON(run?.history) as unknown as { events: Parameters<typeof readTimeline>[0] };
  const at = (ms: number) => ({ seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1e6 }) as never;
  const began = Date.parse((await readTimeline(events, defaultDataConverter))[0]?.startedAt ?? '');
  const ids = events.flatMap((event) => event.activityTaskScheduledEventAttributes?.activityId ?? []);
  const pending = ids.map((activityId, index) => ({
    activityId,
    attempt: 1,
    lastStartedTime: at(began + 100 * (index + 1)),
  }));
  const entries = await readTimeline(events, defaultDataConverter, pending);
  expect(entries.map(({ kind, state }) => [kind, state])).toEqual([
    ['queue', 'passed'],
    ['prepare', 'passed'],
    ['step', 'running'],
  ]);
  expect(entries.find(({ kind }) => kind === 'step')?.startedAt).toBe(new Date(began + 200).toISOString());
});

test('every recorded run has a timeline without times that go back', async () => {
  for (const { workflowId } of recorded)
    for (const { startedAt, endedAt = startedAt } of await timeline(workflowId)) {
      expect(Date.parse(endedAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
      expect(Date.parse(startedAt)).toBeGreaterThan(0);
    }
});

test('steps that ran in the run before are there: of a job that has passed, and of one that goes on; others are prepared on their own', async () => {
  const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
  const step = (name: string, outcome: string) => ({ name, outcome, durationMs: 5 });
  const held = (id: number, job: string) => [
    {
      eventId: id,
      activityTaskScheduledEventAttributes: {
        ...{ activityId: job, activityType: { name: 'holdJob' } },
        input: payloads({ name: job, id: `${job} 1` }),
      },
      userMetadata: { summary: defaultPayloadConverter.toPayload(`${job}: 2 steps at 1f2e3d4`) },
    },
    { eventId: id + 1, activityTaskStartedEventAttributes: { scheduledEventId: id, attempt: 1 } },
  ];
  const passed = {
    durationMs: 0,
    before: { steps: [step('unit', 'passed'), step('mourn', 'skipped')], summary: 'all **well**' },
  };
  const done = [{ number: 1, ran: { ...step('make', 'passed'), summary: 'made' } }];
  const events = [
    ...held(1, 'test-20'),
    { eventId: 3, activityTaskCompletedEventAttributes: { scheduledEventId: 1, result: payloads(passed) } },
    ...held(4, 'test-24'),
    {
      eventId: 6,
      workflowExecutionSignaledEventAttributes: {
        signalName: JOB_READY_SIGNAL,
        input: payloads({ job: 'test-24 2', attempt: 1, done }),
      },
    },
  ].map((event) => ({ ...event, eventTime: { seconds: 1_000 + event.eventId, nanos: 0 } }));
  const entries = await readTimeline(events as unknown as Parameters<typeof readTimeline>[0], defaultDataConverter);
  expect(entries.map(({ kind, name, state, step: of }) => [kind, name, state, of?.before])).toEqual([
    ['queue', 'test-20: 2 steps at 1f2e3d4', 'passed', undefined],
    ['prepare', 'test-20: 2 steps at 1f2e3d4', 'passed', undefined],
    ['step', 'test-20: unit', 'passed', true],
    ['queue', 'test-24: 2 steps at 1f2e3d4', 'passed', undefined],
    ['prepare', 'test-24: 2 steps at 1f2e3d4', 'passed', undefined],
    ['step', 'test-24: make', 'passed', true],
  ]);
  // Of one that has passed, it is kept as a whole.
  expect(entries.flatMap(({ kind, job, number, summary }) => (summary ? [[kind, job, number, summary]] : []))).toEqual([
    ['prepare', 'test-20', undefined, 'all **well**'],
    ['step', 'test-24', 1, 'made'],
  ]);
});

test('what was open where events were left out is not said to go on: it ends where its end is read, else nobody knows how', async () => {
  const run = recorded.find(({ workflowId }) => workflowId.startsWith('brokenSteps'));
  const { events } = historyFromJSON(run?.history) as unknown as { events: Parameters<typeof readTimeline>[0] };
  const ofStep = (event: (typeof events)[number]) =>
    event.activityTaskScheduledEventAttributes?.activityType?.name === 'runStep';
  const begun = events.findIndex(ofStep) + 1;
  const ends = (event: (typeof events)[number]) =>
    String(
      (event.activityTaskFailedEventAttributes ?? event.activityTaskCompletedEventAttributes)?.scheduledEventId,
    ) === String(events[begun - 1]?.eventId);
  const stepOf = async (from: number, to?: number) => {
    const end = events.slice(from, to);
    const entries = await readTimeline(events.slice(0, begun), defaultDataConverter, [], end);
    const step = entries.find(({ kind }) => kind === 'step');
    return [step?.state, step?.endedAt];
  };
  const timeOf = (event?: (typeof events)[number]) =>
    new Date(
      Number(event?.eventTime?.seconds) * 1_000 + Math.floor(Number(event?.eventTime?.nanos) / 1e6),
    ).toISOString();
  const ended = events.findIndex(ends);
  expect(await stepOf(ended)).toEqual(['failed', timeOf(events[ended])]);
  expect(await stepOf(events.length - 1)).toEqual(['unknown', timeOf(events.at(-1))]);
  // The run goes on, and nothing is pending.
  expect(await stepOf(ended + 1, ended + 2)).toEqual(['unknown', timeOf(events[ended + 1])]);
});
