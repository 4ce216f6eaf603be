import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import getPort from 'get-port';
import { createActivities } from '../../dist/activities/index.js';
import { temporalMetrics } from '../../dist/cli/processes/metrics.js';
import { commitToDemo, DEMO_REPOSITORY } from '../../dist/cli/samples/demo-repository.js';
import { startOptions } from '../../dist/dispatch/start-options.js';
import { searchAttributes } from '../../dist/runs/search-attributes.js';
import { connectClient } from '../../dist/temporal/connect.js';
import { startDevServer } from '../../dist/temporal/dev-server.js';
import { findCli } from '../../dist/temporal/find-cli.js';
import { installRuntime } from '../../dist/worker/runtime.js';
import { startWorker } from '../../dist/worker/worker.js';
import { payload } from '../lib/push.mjs';
import { actionsOf } from './price.mjs';

const BARE_QUEUE = 'cost-bare';
const MANY = 200;
const AT_ONCE = 10;
const WORKFLOWS = fileURLToPath(new URL('workflows.mjs', import.meta.url));

/** What a run costs Temporal, ours and one written by hand with the same activities. */
export async function measureRuns({ config, store, log, catalog, folder, rowOf, say }) {
  const cli = await findCli({ env: process.env, onProgress: say });
  const ports = { port: await getPort(), uiPort: await getPort() };
  const server = await startDevServer({ cli, dataFolder: folder, searchAttributes, log, ...ports });
  const metricsAddress = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
  installRuntime(log, { metricsAddress });
  const client = connectClient({ namespace: 'default', options: { address: server.address } });
  const connection = await NativeConnection.connect({ address: server.address });
  const worker = await startWorker({ connection, namespace: 'default', config, store, log }, catalog);
  const bare = await Worker.create({
    connection,
    taskQueue: BARE_QUEUE,
    workflowsPath: WORKFLOWS,
    activities: createActivities({ config, store, log }),
  });
  const barely = bare.run();
  const { after, before } = await commitToDemo(folder, { broken: false });
  const push = {
    ...payload(after),
    before,
    repository: { ...payload(after).repository, full_name: DEMO_REPOSITORY, name: 'demo' },
  };
  const { taskQueue } = config.temporal;
  const begin = (type, queue = taskQueue) => {
    const [event] = rowOf(push).events;
    const dispatch = { event, automation: type, workflowId: `${type}/${randomUUID()}`, attempt: 1, kind: 'start' };
    return client.workflow.start(type, startOptions(dispatch, queue));
  };
  const requests = () => temporalMetrics(metricsAddress)().then(requestsIn);

  const one = async (type, queue) => {
    const earlier = await requests();
    const run = await begin(type, queue);
    await run.result();
    const later = await requests();
    const { events = [] } = await run.fetchHistory();
    const { raw } = await run.describe();
    const { historySizeBytes, stateTransitionCount } = raw.workflowExecutionInfo;
    const heartbeats = difference(later, earlier, /heartbeat/i);
    return {
      run: type,
      events: events.length,
      actions: actionsOf(events),
      heartbeats,
      historyBytes: Number(historySizeBytes),
      stateTransitions: Number(stateTransitionCount),
    };
  };

  /** Bytes that the development server's database grows by with each run, in a crowd of them. */
  const growth = async (type, queue) => {
    const earlier = await databaseBytes(folder);
    for (let begun = 0; begun < MANY; begun += AT_ONCE) {
      const runs = await Promise.all(Array.from({ length: AT_ONCE }, () => begin(type, queue)));
      await Promise.all(runs.map((run) => run.result()));
    }
    return Math.round(((await databaseBytes(folder)) - earlier) / MANY);
  };

  try {
    const rows = [];
    const byHand = ['bareOne', BARE_QUEUE];
    for (const [type, queue] of [['ci'], ['bareCi', BARE_QUEUE], ['one'], ['regular'], byHand, ['long']]) {
      say(`one run of ${type}`);
      rows.push(await one(type, queue));
    }
    for (const [type, queue] of [['one'], ['regular'], byHand]) {
      say(`${MANY} runs of ${type}`);
      rows.find(({ run }) => run === type).databaseBytes = await growth(type, queue);
    }
    return rows;
  } finally {
    bare.shutdown();
    await barely;
    await worker.stop();
    await connection.close();
    await client.connection.close();
    await server.stop();
  }
}

/** With its log, which it merges now and then. */
async function databaseBytes(folder) {
  const sizes = ['temporal.db', 'temporal.db-wal'].map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function requestsIn(text) {
  const samples = text.matchAll(/^temporal_request_total\{[^}]*operation="(\w+)"[^}]*\} (\d+)/gm);
  const counts = new Map();
  for (const [, operation, count] of samples) counts.set(operation, (counts.get(operation) ?? 0) + Number(count));
  return counts;
}

function difference(later, earlier, operations) {
  const sum = (counts) => [...counts].reduce((all, [name, n]) => all + (operations.test(name) ? n : 0), 0);
  return sum(later) - sum(earlier);
}
