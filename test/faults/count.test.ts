import { expect, test } from 'vitest';
import { account, type Findings, isClean } from './count.js';

const SINGLE = 'single/load/a';
const DOUBLE = 'double/load/a';

/** One delivery whose two runs did all that they had to do. */
const good: Findings = {
  source: 'load',
  sent: new Map([['a', { key: 'a', tries: 1, givenUp: false, runs: [SINGLE, DOUBLE] }]]),
  executions: [
    { run: SINGLE, runId: '1', status: 'COMPLETED' },
    { run: DOUBLE, runId: '2', status: 'COMPLETED' },
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
  const untaken = new Map([...good.sent, ['b', { key: 'b', tries: 21, givenUp: true }]] as const);
  expect(isClean(account({ ...good, sent: untaken }))).toBe(false);
});

test('a run that went with Temporal’s database is no loss, nor is one a double whose start nobody could be sure of', () => {
  const gone = account({ ...good, executions: good.executions.slice(1), forgotten: new Set([SINGLE]) });
  expect(isClean(gone)).toBe(true);
  expect(
    account({ ...good, ledger: { ...twice, steps: good.ledger.steps }, uncertain: new Set([SINGLE]) }).counts.doubles,
  ).toBe(0);
});
