import { afterEach, expect, inject, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/postgres.js';
import { type Cluster, type ClusterOptions, openCluster } from './cluster.js';
import { isClean } from './count.js';
import { chosen, type Fault } from './fault.js';
import { killed, killedAtWork } from './kinds/process.js';
import { inOneLine, runTrial } from './trial.js';

/** `npm run test:faults` in short: one kill of each, and one count at the end. */
let cluster: Cluster | undefined;
let database: TestDatabase | undefined;

afterEach(async () => {
  await cluster?.close();
  await database?.drop();
  cluster = undefined;
  database = undefined;
});

/** The servers first: what one had in hand is due again half a minute later. */
const kills = ({ servers, workers }: { servers: number; workers: number }): Fault[] => [
  ...Array.from({ length: servers }, (_, number) =>
    killed({ name: `receiver ${number + 1}`, seconds: 1 }, (scene) => chosen(scene.cluster.servers, number)),
  ),
  killed({ name: 'Temporal', seconds: 1 }, (scene) => ({ ...scene.cluster.engine, name: 'Temporal' })),
  ...Array.from({ length: workers }, (_, number) =>
    killedAtWork({ name: `worker ${number + 1}`, seconds: 1 }, (scene) => chosen(scene.cluster.workers, number)),
  ),
];

async function trial(cast: Pick<ClusterOptions, 'layout' | 'servers' | 'workers'>): Promise<string[]> {
  const said: string[] = [];
  cluster = await openCluster({ cli: inject('temporalCli'), ...cast, database: database?.url });
  const outcome = await runTrial({
    cluster,
    seed: 20_261_124,
    rate: 10,
    faults: kills(cast),
    restMs: 1_000,
    countEach: false,
    say: (line) => said.push(line),
  });
  return isClean(outcome) ? [...outcome.problems] : [...outcome.problems, inOneLine(outcome), ...said];
}

test.each(['start', 'apart'] as const)(
  'a receiver, Temporal and a worker killed one after the other under load (%s): nothing is lost, nothing runs twice',
  async (layout) => {
    expect(await trial({ layout, servers: 1, workers: 1 })).toEqual([]);
  },
  900_000,
);

test('two receivers on Postgres, Temporal and two workers killed in turn under load: nothing is lost, nothing runs twice', async () => {
  database = await testDatabase();
  expect(await trial({ layout: 'apart', servers: 2, workers: 2 })).toEqual([]);
}, 900_000);
