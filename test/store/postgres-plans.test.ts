import { expect, test } from 'vitest';
import type { DeliveryToKeep, InputOf, OperationName } from '../../src/store/backend.js';
import { createDatabase, type Database, type Queries } from '../../src/store/postgres/database.js';
import { DEFAULT_LIMITS } from '../../src/store/postgres/limits.js';
import { migratePostgres } from '../../src/store/postgres/migrate.js';
import { acceptTogether } from '../../src/store/postgres/operations/accept.js';
import { createOperations } from '../../src/store/postgres/operations/operations.js';
import type { Value } from '../../src/store/postgres/values.js';
import { testDatabase } from '../support/postgres.js';
import { aClaim, aStart } from './a-claim.js';

const delivery: DeliveryToKeep = {
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
};

/** Every operation, with input that takes it through all of its statements. */
const inputs: { [K in Exclude<OperationName, 'acceptDelivery'>]: InputOf<K>[] } = {
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
      { id: 'w', outcome: 'done' },
      { id: 'w/replay-1', outcome: 'failed', error: 'x' },
      { id: 's1', outcome: 'done' },
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
    { idOrKey: 'd1', source: 'hub', limit: 5 },
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
  upsertRecord: [
    { collection: 'c', key: 'k', version: 1, data: '1' },
    { collection: 'c', key: 'k', version: 2, data: '1' },
  ],
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
  'hookyard_deliveries_by_time',
  'hookyard_deliveries_large',
  'hookyard_dispatches_due',
  'hookyard_dispatches_turns',
  'hookyard_dispatches_waiting',
  'hookyard_dispatches_failed',
  'hookyard_signals_settled',
  'hookyard_lane_entries_live',
  'hookyard_lane_entries_ended',
  'hookyard_lane_entries_to_tell',
  'hookyard_lane_entries_refused',
  'hookyard_lane_entries_held',
  'hookyard_lane_entries_around',
  'hookyard_lanes_by_title',
  'hookyard_lanes_unused',
  'hookyard_waits_open',
  'hookyard_waits_asked',
  'hookyard_waits_ended',
  'hookyard_log_lines_by_time',
  'hookyard_outbound_attempts_by_time',
];

/** A node of `EXPLAIN (FORMAT JSON)`. */
interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

/** Nodes that visit more of a table than what a given value leads to. */
function walks(plan: Plan): string[] {
  const index = plan['Index Name'];
  const bySeq = plan['Node Type'] === 'Seq Scan' && plan['Relation Name']?.startsWith('hookyard_');
  const byIndex = index !== undefined && plan['Index Cond'] === undefined && !WALKABLE.includes(index);
  const here = bySeq || byIndex ? [`${plan['Node Type']} ${plan['Relation Name']} ${index ?? ''}`] : [];
  return [...here, ...(plan.Plans ?? []).flatMap(walks)];
}

test('no statement has to walk through everything that is stored', async () => {
  const test = await testDatabase();
  await migratePostgres({ url: test.url });
  // With next to nothing stored a table is read whole, unless it can be avoided: this shows where it can't.
  const url = `${test.url}?options=${encodeURIComponent('-c enable_seqscan=off -c enable_bitmapscan=off')}`;
  const database = createDatabase({ url, limits: DEFAULT_LIMITS });
  try {
    const plans = new Map<string, string[]>();
    const watched = recording(database, plans);
    await watched.transaction((queries) => acceptTogether(queries, [delivery]));
    await watched.transaction((queries) => acceptTogether(queries, [delivery]));
    const { repository: _, ...ofNone } = delivery;
    await watched.transaction((queries) => acceptTogether(queries, [{ ...ofNone, id: 'd2', key: 'k2', starts: [] }]));
    const operations = createOperations(watched);
    for (const [name, each] of Object.entries(inputs)) {
      const operation = operations[name as keyof typeof operations] as (input: unknown) => Promise<unknown>;
      for (const input of each) await operation(input);
    }
    expect(plans.size).toBeGreaterThan(35);
    expect([...plans].filter(([, walked]) => walked.length > 0)).toEqual([]);
  } finally {
    await database.close();
    await test.drop();
  }
});

/** Passes everything on, and asks Postgres how it goes about each statement. */
function recording(database: Database, plans: Map<string, string[]>): Database {
  const watch = (queries: Queries): Queries => ({
    async rows<Row>(sql: string, ...values: Value[]) {
      const [row] = await queries.rows<{ 'QUERY PLAN': { Plan: Plan }[] }>(`EXPLAIN (FORMAT JSON) ${sql}`, ...values);
      plans.set(sql, row?.['QUERY PLAN'].flatMap(({ Plan }) => walks(Plan)) ?? []);
      return queries.rows<Row>(sql, ...values);
    },
  });
  return {
    ...watch(database),
    transaction: (work) => database.transaction((queries) => work(watch(queries))),
    close: () => database.close(),
  };
}
