import { startOurs } from '../lib/rivals.mjs';
import { untilCompleted } from '../lib/runs.mjs';
import { atMost } from '../lib/target.mjs';
import { timedGet, timedGets } from '../lib/timed-get.mjs';

const MAX_FIRST_BYTE_MS = 50;
const MAX_WEIGHT_KB = 60;
const ROUNDS = 30;
const RUN_SECONDS = 60;

/** How soon the page of a run answers, whose history Temporal has, and what pages weigh with their style and scripts. */
export async function runPage(bench) {
  const taskQueue = 'bench-page';
  const temporal = await bench.temporal();
  bench.say('page: a run of five steps');
  const ours = await startOurs(bench, { taskQueue, work: 'five-regular', together: true });
  try {
    await ours.send({ connections: 1, count: 1 });
    if ((await untilCompleted(temporal, { taskQueue, wanted: 1, seconds: RUN_SECONDS })) < 1)
      throw new Error('the run of the page did not complete');
    const path = `/runs/${await oneOf(temporal, taskQueue)}`;
    const shown = await timedGets(ours.port, path, { rounds: ROUNDS });
    const { timeline = [] } = JSON.parse((await timedGet(ours.port, `${path}.json`)).text);
    if (timeline.length < 5) throw new Error('the page of the run does not know what it did');
    const list = await timedGets(ours.port, '/runs', { rounds: ROUNDS });
    const weights = {};
    for (const each of ['/', path, '/runs', '/deliveries']) weights[each] = await weightOf(ours.port, each);
    return {
      targets: [
        atMost('n. the page of a run, first byte, in ms', MAX_FIRST_BYTE_MS, shown.ms),
        atMost('n. the heaviest of four pages with style and script, in kB', MAX_WEIGHT_KB, heaviest(weights)),
      ],
      rows: [
        {
          what: 'n. the page of a run, first byte',
          p50: shown.ms,
          p99: shown.slowestMs,
          note: 'p99: the slowest of 30',
        },
        { what: 'n. the list of runs, first byte', p50: list.ms, p99: list.slowestMs, note: 'p99: the slowest of 30' },
        {
          what: 'n. pages with style and script',
          note: ['home', 'run', 'runs', 'deliveries']
            .map((name, index) => `${name} ${Math.round(Object.values(weights)[index])} kB`)
            .join(', '),
        },
      ],
    };
  } finally {
    await ours.end();
  }
}

async function oneOf({ client }, taskQueue) {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Completed'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1 })) return workflowId;
  throw new Error('the run of the page is gone');
}

/** In kB of 1,000 bytes, as they are sent: the page itself, and what it names. */
async function weightOf(port, path) {
  const { text, bytes } = await timedGet(port, path);
  const named = new Set([...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, name]) => name));
  let sum = bytes;
  for (const name of named) sum += (await timedGet(port, name)).bytes;
  return sum / 1_000;
}

function heaviest(weights) {
  return Math.max(...Object.values(weights));
}
