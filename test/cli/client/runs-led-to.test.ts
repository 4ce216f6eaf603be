import { expect, test } from 'vitest';
import { runsLedTo } from '../../../src/cli/client/runs-led-to.js';
import { startStepOf } from '../../../src/runs/start-step.js';
import type { LedToRun, RunState } from '../../../src/server/api/contract.js';

const RUN = 'ci/github/1';
const led = (run: string, by = RUN): LedToRun => ({ run, automation: 'report', status: 'running', by });
const endedWith = (...steps: readonly { readonly what: string; readonly outcome: string }[]): RunState => ({
  status: 'completed',
  result: { outcome: 'passed', steps },
});

/** Answers with more runs each time it is asked. */
function api(...answers: readonly (readonly LedToRun[])[]) {
  let asked = 0;
  const run = async (): Promise<RunState> => {
    const ledTo = answers[Math.min(asked++, answers.length - 1)];
    return { status: 'completed', ...(ledTo && { ledTo }) };
  };
  return { run, asked: () => asked };
}

test('the runs that a run has started at its end are waited for until Temporal lists them, and no other', async () => {
  const server = api([], [led('report/1')], [led('report/1'), led('notify/1'), led('later/1', 'report/1')]);
  const ended = endedWith(
    { what: startStepOf('report'), outcome: 'passed' },
    { what: startStepOf('notify'), outcome: 'passed' },
    { what: 'Job test', outcome: 'passed' },
  );
  expect((await runsLedTo(server, RUN, ended)).map(({ run }) => run)).toEqual(['report/1', 'notify/1']);
});

test('nothing is asked where a run has started none, or could not', async () => {
  const server = api([led('report/1')]);
  const failed = endedWith({ what: startStepOf('report'), outcome: 'error' });
  for (const ended of [endedWith(), failed, { status: 'cancelled' } as const])
    expect(await runsLedTo(server, RUN, ended)).toEqual([]);
  expect(server.asked()).toBe(0);
});
