import { describe, expect, test } from 'vitest';
import type { Place } from './books.js';
import { account, type Execution, type Findings, isClean } from './count.js';

const SINGLE = 'single/load/a';
const DOUBLE = 'double/load/a';

/** One delivery whose two runs did all that they had to do. */
const good: Findings = {
  source: 'load',
  sent: new Map([['a', { key: 'a', branch: 'both', tries: 1, givenUp: false, runs: [SINGLE, DOUBLE] }]]),
  executions: [
    { run: SINGLE, runId: '1', status: 'COMPLETED', from: 0, to: 1 },
    { run: DOUBLE, runId: '2', status: 'COMPLETED', from: 0, to: 3 },
  ],
  ledger: {
    executions: new Map([
      [SINGLE, new Set(['1'])],
      [DOUBLE, new Set(['2'])],
    ]),
    steps: new Map([
      [SINGLE, new Map([['only', 1]])],
      // Its worker was lost before it could tell: a step may be done again.
      [
        DOUBLE,
        new Map([
          ['first', 2],
          ['second', 1],
        ]),
      ],
    ]),
  },
  starts: [SINGLE, DOUBLE].map((run) => ({ run, state: 'done', attempts: 1 })),
  places: [],
  forgotten: new Set(),
  uncertain: new Set(),
};
const twice = { ...good.ledger, executions: new Map([[SINGLE, new Set(['0', '1'])]]) };

test('a count is clean when everything is as promised', () => {
  expect(account(good).problems).toEqual([]);
  expect(isClean(account(good))).toBe(true);
});

test.each<[string, Partial<Findings>, Partial<ReturnType<typeof account>['counts']>]>([
  ['a run that is not there', { executions: good.executions.slice(1) }, { lost: 1, found: 1 }],
  [
    'a run that Temporal lists twice',
    { executions: [...good.executions, ...good.executions.slice(1)] },
    { doubles: 1 },
  ],
  ['a run that wrote down two executions', { ledger: twice }, { doubles: 1 }],
  ['a run that came back after Temporal had lost it', { forgotten: new Set([SINGLE]) }, { doubles: 1 }],
  [
    'a run that goes on and on',
    { executions: good.executions.map((one) => ({ ...one, status: 'RUNNING' })) },
    { stuck: 2 },
  ],
  ['a start that waits', { starts: [{ run: SINGLE, state: 'pending', attempts: 3 }] }, { stuck: 1 }],
  ['a start that was given up', { starts: [{ run: SINGLE, state: 'failed', attempts: 1 }] }, { strange: 1 }],
  ['a run that failed', { executions: good.executions.map((one) => ({ ...one, status: 'FAILED' })) }, { wrong: 2 }],
  ['a run without a step', { ledger: { ...good.ledger, steps: new Map() } }, { wrong: 2 }],
  ['a run of a delivery that nobody sent', { sent: new Map() }, { strange: 2 }],
])('%s shows', (_, change, counts) => {
  const counted = account({ ...good, ...change });
  expect(counted.counts).toMatchObject(counts);
  expect(counted.problems.length).toBeGreaterThan(0);
  expect(isClean(counted)).toBe(false);
});

test('a delivery that nobody took is not clean', () => {
  const untaken = new Map([...good.sent, ['b', { key: 'b', branch: 'both', tries: 21, givenUp: true }]] as const);
  expect(isClean(account({ ...good, sent: untaken }))).toBe(false);
});

test('a run that went with Temporal’s database is no loss, nor is one a double whose start nobody could be sure of', () => {
  const gone = account({ ...good, executions: good.executions.slice(1), forgotten: new Set([SINGLE]) });
  expect(isClean(gone)).toBe(true);
  expect(
    account({ ...good, ledger: { ...twice, steps: good.ledger.steps }, uncertain: new Set([SINGLE]) }).counts.doubles,
  ).toBe(0);
});

describe('of lanes', () => {
  /** Three deliveries of one branch: the first and the last have run, one after the other. */
  const keys = ['a', 'b', 'c'];
  const run = (automation: string, key: string) => `${automation}/load/${key}`;
  const lane = (automation: string, change: Partial<Findings> = {}, ran = ['a', 'c']): Findings => ({
    ...good,
    sent: new Map(
      keys.map((key) => [key, { key, branch: 'x', tries: 1, givenUp: false, runs: [run(automation, key)] }]),
    ),
    executions: ran.map((key, i) => ({
      ...{ run: run(automation, key), runId: key, status: 'COMPLETED' },
      ...{ from: 10 * i, to: 10 * i + 10 },
    })),
    ledger: {
      executions: new Map(ran.map((key) => [run(automation, key), new Set([key])])),
      steps: new Map(ran.map((key) => [run(automation, key), new Map([['only', 1]])])),
    },
    starts: ran.map((key) => ({ run: run(automation, key), state: 'done', attempts: 1 })),
    ...change,
  });
  const place = (automation: string, change: Partial<Place> = {}): Place => ({
    ...{ run: run(automation, 'b'), lane: 'x', state: 'superseded', by: run(automation, 'c'), because: null },
    ...change,
  });
  const beside = (spans: readonly Execution[]) => spans.map((one, i) => ({ ...one, from: 3 * i }));
  const { executions } = lane('queued', {}, keys);

  test('a run whose place a newer one has taken is not expected', () => {
    expect(account(lane('newest', { places: [place('newest')] })).counts).toMatchObject({ expected: 2, found: 2 });
    expect(isClean(account(lane('newest', { places: [place('newest')] })))).toBe(true);
    expect(isClean(account(lane('newest')))).toBe(false);
  });

  test('runs one after the other, and two at once where the lane lets two, are within the limit', () => {
    expect(isClean(account(lane('queued', {}, keys)))).toBe(true);
    const two = lane('paired', {}, keys).executions.map((one) => ({ ...one, to: one.to + 9 }));
    expect(isClean(account(lane('paired', { executions: two }, keys)))).toBe(true);
  });

  test.each<[string, Findings, Partial<ReturnType<typeof account>['counts']>]>([
    ['two runs at once', lane('queued', { executions: beside(executions) }, keys), { 'lanes over limit': 1 }],
    [
      'somebody who waits',
      lane('queued', { places: [place('queued', { state: 'waits', by: null })] }, keys),
      { 'lanes stuck': 1 },
    ],
    ['a queue that loses one for another', lane('queued', { places: [place('queued')] }), { wrong: 1, lost: 1 }],
    [
      'a lane that refuses',
      lane('queued', { places: [place('queued', { state: 'refused', because: 'full' })] }),
      { wrong: 1 },
    ],
    ['a run that ran though it was replaced', lane('newest', { places: [place('newest')] }, keys), { wrong: 1 }],
  ])('%s shows', (_, findings, counts) => {
    const counted = account(findings);
    expect(counted.counts).toMatchObject(counts);
    expect(isClean(counted)).toBe(false);
  });
});
