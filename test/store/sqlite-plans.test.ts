import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InputOf, OperationName } from '../../src/store/backend.js';
import { type Bindable, type Connection, connect } from '../../src/store/sqlite/connection.js';
import { migrate } from '../../src/store/sqlite/migrate.js';
import { createOperations } from '../../src/store/sqlite/operations/operations.js';
import { tempFolder } from '../support/temp-folder.js';
import { aClaim, aStart } from './a-claim.js';

/** Every operation, with input that takes it through all of its statements. */
const inputs: { [K in OperationName]: InputOf<K>[] } = {
  acceptDelivery: [
    {
      id: 'd1',
      source: 'hub',
      key: 'k1',
      bodyHash: 'h1',
      repeatedSince: 0,
      eventName: 'push',
      receivedAt: 1000,
      headers: '{}',
      events: '[]',
      ignored: undefined,
      verdicts: '[]',
      body: new Uint8Array([1]),
      repository: '1',
      repositoryName: 'ada/engine',
      starts: [
        { workflowId: 'w', automation: 'ci', part: 0 },
        aStart('w/laned', { lane: 'starts', onBusy: 'cancel-running' }),
      ],
    },
    {
      ...{ id: 'd2', source: 'hub', key: 'k2', bodyHash: 'h2', repeatedSince: 0, eventName: 'ping', receivedAt: 1000 },
      ...{
        headers: '{}',
        events: '[]',
        ignored: 'a ping',
        verdicts: '[]',
        body: new Uint8Array([2]),
        repositoryName: '',
        starts: [],
      },
    },
  ],
  startAgain: [
    {
      deliveryId: 'd1',
      starts: [{ workflowId: 'w/replay-1', automation: 'ci', part: 0 }, aStart('w/again', { lane: 'starts' })],
    },
  ],
  keepSignal: [{ id: 's1', workflowId: 'w', signal: 'x', payload: '1' }],
  claim: [{ limit: 5, leaseMs: 0, after: '' }],
  settle: [
    [
      { id: 'w', outcome: 'retry', dueAt: 0, error: 'x' },
      { id: 'w', outcome: 'failed', error: 'x' },
      { id: 'w', outcome: 'done' },
      { id: 'w/laned', outcome: 'done' },
      { id: 'w/again', outcome: 'failed', error: 'x' },
    ],
  ],
  enterLane: [
    { workflowId: 'inside', automation: 'ci', claim: aClaim() },
    { workflowId: 'later', automation: 'ci', claim: aClaim({ onBusy: 'cancel-running' }) },
    { workflowId: 'refused', automation: 'ci', claim: aClaim({ onBusy: 'reject' }) },
    { workflowId: 'p', automation: 'ci', claim: aClaim({ lane: 'of p' }) },
    { workflowId: 'q', automation: 'ci', claim: aClaim({ lane: 'of q' }) },
    { workflowId: 'p/child', automation: 'ci', claim: aClaim({ lane: 'of q' }), within: ['p'] },
    { workflowId: 'q/child', automation: 'ci', claim: aClaim({ lane: 'of p' }), within: ['q'] },
  ],
  letDue: [undefined],
  takeOut: [{ workflowId: 'w/laned', because: 'x' }],
  breakDeadlock: [{ workflowId: 'q/child', standsMs: 0, awaiting: ['p', 'q'] }],
  stepAside: ['inside'],
  stepBack: ['inside'],
  holdersToAskAbout: [{ limit: 5, before: 2000 }],
  runsNotBegun: [
    { limit: 5, after: 0 },
    { limit: 5, after: 7, source: 'hub', automation: 'ci' },
    { limit: 5, after: 0, beginning: 'w/' },
  ],
  runsToTell: [{ limit: 5, before: 2000, after: 0 }],
  noteTold: [[{ workflowId: 'w/laned', words: 'queued' }, { workflowId: 'refused' }]],
  listLanes: [{ limit: 5 }, { limit: 5, named: 'x', after: 'deploy' }],
  setLaneMode: [{ lane: 'deploy', mode: 'open', by: 'ada' }],
  moveAhead: [{ workflowId: 'later', by: 'ada' }],
  setLaneLimit: [{ automation: 'ci', group: 'deploy {branch}', limit: 2 }],
  openWait: [
    {
      ...{
        id: 'r/1',
        workflowId: 'w',
        runId: 'r',
        title: 't',
        source: 'hub',
        repository: '1',
        about: '{}',
        triggers: '[]',
      },
      ...{ until: 9, after: { deliveryId: 'd1', receivedAt: 1, inclusive: true } },
    },
  ],
  placesToLookAt: [{ limit: 5 }],
  readWaits: [{ source: 'hub', repository: '1', waits: 5, deliveries: 5 }],
  giveWaits: [
    {
      gifts: [
        {
          ...{ id: 'r/1', delivery: 1, part: 0, asks: '{}' },
          signal: { id: 'wait/r/1', workflowId: 'w', name: 'x', payload: '1' },
        },
      ],
      seen: { ids: ['r/1'], upTo: 1 },
    },
  ],
  givenToWait: ['r/1'],
  listWaits: [{ workflowId: 'w', limit: 5 }],
  waitersToAskAbout: [{ limit: 5, before: 2000 }],
  closeWait: ['r/1'],
  freeWait: ['r/1'],
  closeWaits: [{ workflowIds: ['w'] }],
  leaveLanes: [['inside', 'later']],
  endLeases: [undefined],
  nextDue: [undefined],
  backlog: [undefined],
  findDeliveries: [
    { idOrKey: 'nothing-has-this-id', source: undefined, limit: 5 },
    { idOrKey: 'nothing-has-this-id', source: 'hub', limit: 5 },
  ],
  findStart: ['w'],
  readBody: ['d1'],
  knownKeys: [{ source: 'hub', keys: ['k1', 'k2'] }],
  listDeliveries: [
    { limit: 5 },
    { limit: 5, source: 'hub' },
    { limit: 5, failed: true },
    { limit: 5, failed: true, source: 'hub' },
    { limit: 5, repository: 'ada/engine', before: 2000 },
    { limit: 5, repository: 'ada/engine', source: 'hub', before: 2000 },
    { limit: 5, repository: 'ada/engine', failed: true },
    { limit: 5, maybe: 'failed' },
    { limit: 5, repository: 'ada/engine', source: 'hub', maybe: 'waiting' },
  ],
  earlierAlike: [
    { id: 'd1', limit: 5 },
    { id: 'd2', limit: 5 },
  ],
  arrivalTimes: [{ since: 0, limit: 5 }],
  pruneDeliveries: [{ before: 2000, limit: 5 }],
  pruneLargeBodies: [{ before: 2000, limit: 5 }],
  appendLines: [{ job: { workflowId: 'w', job: 'j' }, lines: [{ at: 1, stream: 'stdout', attempt: 1, text: 'x' }] }],
  readLines: [
    { job: { workflowId: 'w', job: 'j' }, after: 0, limit: 5 },
    { job: { workflowId: 'w', job: 'j' }, after: 0, before: 9, limit: 5, newest: true },
    { job: { workflowId: 'w', job: 'j' }, after: 0, limit: 5, notes: true },
    { job: { workflowId: 'w', job: 'j' }, after: 0, limit: 5, notes: true, newest: true },
  ],
  logExtent: [{ workflowId: 'w', job: 'j' }],
  searchLines: [
    { job: { workflowId: 'w', job: 'j' }, patterns: ['%x%'], from: 1, to: 9, limit: 1 },
    { job: { workflowId: 'w', job: 'j' }, patterns: ['%x%', '%y%'], from: 1, to: 9, limit: 1, newest: true },
  ],
  listJobs: ['w'],
  pruneLines: [{ before: 2000, limit: 5 }],
  upsertRecord: [{ collection: 'c', key: 'k', version: 1, data: '1' }],
  removeRecord: [
    { collection: 'c', key: 'gone', version: 1 },
    { collection: 'c', key: 'gone', version: '1' },
  ],
  getRecord: [{ collection: 'c', key: 'k' }],
  listRecords: [
    { collection: 'c', limit: 5, after: undefined },
    { collection: 'c', limit: 5, after: 'a' },
  ],
  addAttempt: [{ messageId: 'm', endpoint: 'e', attempt: 1, at: 1, durationMs: 1 }],
  listAttempts: [{ limit: 5 }, { limit: 5, messageId: 'm' }, { limit: 5, endpoint: 'e' }],
  pruneAttempts: [{ before: 2000, limit: 5 }],
  forgetRun: [
    { workflowId: 'w', limit: 5, dryRun: true },
    { workflowId: 'w', limit: 5, dryRun: false },
  ],
  forgetLanes: [['deploy', 'none']],
  scanRecords: [{ after: 0, limit: 5 }],
  forgetDelivery: [{ id: 'd1', blank: { headers: '{}', events: '[]', verdicts: '[]', ignored: 'x' } }],
};

/** Indexes in the order that is asked for, which a LIMIT cuts short, and those of what is pending or failed. */
const WALKABLE = [
  'deliveries_by_time',
  'deliveries_large',
  'deliveries_unnamed',
  'dispatches_turns',
  'dispatches_waiting',
  'dispatches_failed',
  'signals_settled',
  'lane_entries_live',
  'lane_entries_ended',
  'lane_entries_to_tell',
  'lane_entries_refused',
  'lane_entries_held',
  'lane_entries_around',
  'lanes_by_title',
  'lanes_unused',
  'waits_open',
  'waits_asked',
  'waits_ended',
  'log_lines_by_time',
  'outbound_attempts_by_time',
];

/** Whether a step visits more than what a value that was given leads to. */
function walks(step: string): boolean {
  // All records are gone through in pages, by their running numbers.
  const isPage = step === 'SEARCH records USING INTEGER PRIMARY KEY (rowid>?)';
  const range = !isPage && /^SEARCH .*\(\w+[<>]\?\)/.test(step);
  const scan =
    step.startsWith('SCAN') &&
    !/^SCAN (CONSTANT ROW$|json_each |f$|s$|flows$|places$|sqlite_sequence$|\(subquery-\d+\)$|w$)/.test(step);
  return (range || scan) && !WALKABLE.some((index) => step.includes(` INDEX ${index}`));
}

test('no statement walks through everything that is stored', async () => {
  const folder = await tempFolder('plans');
  const connection = connect({ path: join(folder, 'store.db'), lockMs: 1000 });
  try {
    migrate(connection);
    const plans = new Map<string, string[]>();
    const operations = createOperations(recording(connection, plans));
    for (const [name, each] of Object.entries(inputs)) {
      const { run } = operations[name as OperationName];
      for (const input of each) (run as (input: unknown) => unknown)(input);
    }
    expect(plans.size).toBeGreaterThan(35);
    const walking = [...plans].filter(([, plan]) => plan.some(walks));
    expect(walking.map(([sql, plan]) => [sql, plan.filter(walks)])).toEqual([]);
  } finally {
    connection.close();
  }
});

/** Passes everything on, and asks SQLite how it goes about each statement. */
function recording(connection: Connection, plans: Map<string, string[]>): Connection {
  const explain = (sql: string, values: Bindable[]) => {
    const steps = connection.rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
    plans.set(
      sql,
      steps.map(({ detail }) => detail),
    );
  };
  return {
    ...connection,
    inTransaction: false,
    rows: <Row>(sql: string, ...values: Bindable[]) => {
      explain(sql, values);
      return connection.rows<Row>(sql, ...values);
    },
    run(sql, ...values) {
      explain(sql, values);
      return connection.run(sql, ...values);
    },
  };
}
